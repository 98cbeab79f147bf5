/** What is measured with a fleet. Runs in the process of the load. */
import { quantile } from '../../core/figures';
import { MESSAGE_BYTES, STAMP_DIGITS, type Couple, type Fleet, type Route } from './fleet';
import { writeInto } from './frames';
import type { RawClient } from './raw-client';

/** Messages of each couple that are under way at the same time. */
const WINDOW = 8;

/** A fleet to which nothing has come for so long has heard all that its start brought about. */
const QUIET_MS = 150;

/** What does not come for so long does not come any more, in milliseconds. */
const PATIENCE_MS = 20_000;

/** What a stretch of relaying at full speed came to. */
export interface Throughput {
  readonly messagesPerSecond: number;
  /** Share of one core that the load itself took, from 0 to 1. */
  readonly loadShare: number;
}

/** Times that messages took through the server, in milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly count: number;
}

/** Relays as fast as the server does, with a few messages of each couple under way. */
export async function measureThroughput(
  couples: readonly Couple[],
  milliseconds: number,
): Promise<Throughput> {
  const state = { received: 0, underWay: couples.length * WINDOW, isOver: false };
  for (const { toConsole } of couples) keepGoing(toConsole, state);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  for (const { toConsole } of couples) toConsole.from.send(burst(toConsole, WINDOW));
  await pause(milliseconds);
  const { received } = state;
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  state.isOver = true;
  await until('the last relayed message', () => state.underWay === 0);
  return { messagesPerSecond: received / seconds, loadShare: (user + system) / 1e6 / seconds };
}

/** Sends one more for each message that arrives; for all of one reading at once. */
function keepGoing(
  route: Route,
  state: { received: number; underWay: number; isOver: boolean },
): void {
  const bursts = Array.from({ length: WINDOW + 1 }, (_, count) => burst(route, count));
  let owed = 0;
  const send = (): void => {
    const bytes = bursts[owed];
    owed = 0;
    if (bytes !== undefined) route.from.send(bytes);
  };
  route.to.onFrame = (_, __, from, to) => {
    if (to - from !== MESSAGE_BYTES) return;
    state.received += 1;
    if (state.isOver) {
      state.underWay -= 1;
      return;
    }
    owed += 1;
    if (owed === 1) queueMicrotask(send);
  };
}

function burst({ frame }: Route, count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => frame.bytes));
}

/** Sends at a fixed rate, by every route in turn, and clocks each message. */
export async function measureLatency(
  couples: readonly Couple[],
  perSecond: number,
  milliseconds: number,
): Promise<Latency> {
  const times: number[] = [];
  const routes = couples.map(({ toConsole, toPhone }, index) =>
    index % 2 === 0 ? toConsole : toPhone,
  );
  for (const { to, stampAt } of routes) {
    to.onFrame = (_, bytes, from, end) => {
      if (end - from !== MESSAGE_BYTES) return;
      const at = from + stampAt;
      const sentAt = Number(bytes.toString('latin1', at, at + STAMP_DIGITS));
      times.push(performance.now() - sentAt / 1000);
    };
  }
  const total = Math.round((perSecond * milliseconds) / 1000);
  const startedAt = performance.now();
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) * perSecond) / 1000));
    for (; sent < due; sent += 1) sendStamped(routes[sent % routes.length]);
    // Not a timer: those go off up to a millisecond late, several messages at a time.
    await immediate();
  }
  await until('the last clocked message', () => times.length >= total);
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), count: times.length };
}

function sendStamped(route: Route | undefined): void {
  if (route === undefined) return;
  const microseconds = Math.round(performance.now() * 1000);
  writeInto(route.frame, route.stampAt, String(microseconds).padStart(STAMP_DIGITS, '0'));
  route.from.send(route.frame.bytes);
}

/** Milliseconds from an event to the moment when every console has heard of it. */
export async function measureFanOut(fleet: Fleet): Promise<number> {
  let missing = fleet.consoles.length;
  let beginning = '';
  for (const client of fleet.consoles) {
    client.onFrame = (_, bytes, from) => {
      if (bytes.toString('latin1', from, from + beginning.length) !== beginning) return;
      client.onFrame = () => undefined;
      missing -= 1;
    };
  }
  const startedAt = performance.now();
  beginning = fleet.announce();
  let heardAt = startedAt;
  await until('every console to hear the news', () => {
    heardAt = performance.now();
    return missing === 0;
  });
  return heardAt - startedAt;
}

/** Waits until nothing comes any more. */
export async function untilQuiet({ phones, consoles }: Fleet): Promise<void> {
  let lastAt = performance.now();
  const note = (): void => {
    lastAt = performance.now();
  };
  const all: readonly RawClient[] = [...phones, ...consoles];
  for (const client of all) client.onFrame = note;
  await until('the fleet to be quiet', () => performance.now() - lastAt > QUIET_MS);
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`The load waited in vain for ${what}.`);
    await immediate();
  }
}

function immediate(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
