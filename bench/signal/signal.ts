/**
 * The signaling server under load, against a bare relay that passes on what it never reads: that is
 * what `ws` and the machine allow.
 */
import { SOCKET_LIMITS } from '../../signal/server/socket-limits';
import { buildBareProgram } from '../bare/build-program';
import type { Benchmark, BenchContext, BenchResult, Comparison } from '../core/benchmark';
import { cpuSecondsOf } from '../core/cpu-time';
import { median } from '../core/figures';
import { pairsOf } from '../core/interleave';
import { BUSY_LOAD, Contest, type FleetSize } from './contest';
import { compareMemory } from './memory';

/** Messages per second at which the time through the server is taken. */
const STEADY_RATE = 5_000;

/** Fewest messages through Sightline for each that goes through the bare relay. */
const RELAY_AIM = 0.65;

/** How large everything is. */
interface Scale {
  readonly windowMs: number;
  /** As many phones as consoles, in pairs, for relaying at full speed. */
  readonly pairs: number;
  /** Clients at which the time through the server is taken. */
  readonly latency: readonly FleetSize[];
  /** The one of them at which news fan out. */
  readonly middle: FleetSize;
  readonly idle: readonly number[];
}

const MIDDLE: FleetSize = { phones: 20, consoles: 1_000 };

const FULL: Scale = {
  windowMs: 250,
  pairs: 50,
  latency: [{ phones: 50, consoles: 50 }, MIDDLE, { phones: 20, consoles: 5_000 }],
  middle: MIDDLE,
  idle: [1_000, 5_000, 10_000],
};

/** Everything is measured without TLS and with it. */
const BOTH_WAYS = [false, true];

const TINY: FleetSize = { phones: 2, consoles: 10 };

const SMOKE: Scale = {
  windowMs: 50,
  pairs: 5,
  latency: [TINY],
  middle: TINY,
  idle: [120, 200],
};

/** See the head of this file. */
export const signalBenchmark: Benchmark = {
  name: 'signal',
  title: 'relaying and fan-out of the signaling server',
  async run(context) {
    const scale = context.isSmoke ? SMOKE : FULL;
    const contest = new Contest(context, await buildBareProgram('ws-relay'));
    const parts: BenchResult[] = [];
    for (const isSecure of BOTH_WAYS) {
      parts.push(await compareThroughput(contest, scale, isSecure));
      for (const size of scale.latency) {
        parts.push(await compareLatency(contest, { ...scale, ...size, isSecure }));
      }
    }
    return joined(context, parts);
  },
};

/** Beside `signal`, so that either can be run alone: each takes some minutes. */
export const idleBenchmark: Benchmark = {
  name: 'signal-idle',
  title: 'memory of idle clients, and letting them in',
  async run(context) {
    const { idle: counts } = context.isSmoke ? SMOKE : FULL;
    const bareBundle = await buildBareProgram('ws-relay');
    const parts: BenchResult[] = [];
    for (const isSecure of BOTH_WAYS) {
      parts.push(await compareMemory(context, bareBundle, { counts, isSecure }));
    }
    return joined(context, parts);
  },
};

function joined({ isSmoke }: BenchContext, parts: readonly BenchResult[]): BenchResult {
  return {
    comparisons: parts.flatMap(({ comparisons }) => comparisons),
    readings: parts.flatMap(({ readings }) => readings),
    remarks: [
      ...(isSmoke ? ['A smoke run: the figures are worth nothing.'] : []),
      'The load is a second process on another core; every limit of the server is opened by its own options, and its log and audit log are written as by default.',
      ...new Set(parts.flatMap(({ remarks }) => remarks)),
    ],
  };
}

async function compareThroughput(
  contest: Contest,
  { pairs, windowMs }: Scale,
  isSecure: boolean,
): Promise<BenchResult> {
  const rounds = await contest.compare(
    `relaying${over(isSecure)}`,
    { isSecure, phones: pairs, consoles: pairs },
    async ({ fleet, server }) => {
      const before = cpuSecondsOf(server.pid);
      const startedAt = performance.now();
      const measured = await contest.load.ask('throughput', { fleet, milliseconds: windowMs });
      const seconds = (performance.now() - startedAt) / 1000;
      return { ...measured, serverShare: (cpuSecondsOf(server.pid) - before) / seconds };
    },
  );
  const what = `${pairs * 2} clients${over(isSecure)}`;
  const load = { sightline: 0, bare: 0 };
  load.sightline = median(rounds.map(({ sightline }) => sightline.loadShare));
  load.bare = median(rounds.map(({ bare }) => bare.loadShare));
  const busy = Object.entries(load).filter(([, share]) => share > BUSY_LOAD);
  const relayed: Comparison = {
    name: `relayed messages of 1 kB, ${what}`,
    unit: '1/s',
    better: 'more',
    pairs: pairsOf(rounds, ({ messagesPerSecond }) => messagesPerSecond),
    aim: RELAY_AIM,
  };
  const cost: Comparison = {
    name: `server time for each, ${what}`,
    unit: 'µs',
    better: 'less',
    pairs: pairsOf(rounds, (side) => (side.serverShare / side.messagesPerSecond) * 1e6),
  };
  const reading =
    'The bare relay reads eight bytes of each binary message. Sightline checks that its text is UTF-8, parses it, validates every field and looks up the session.';
  const limits = busy.map(
    ([side, share]) =>
      `Relaying for ${side}${over(isSecure)}, the load filled ${Math.round(share * 100)} % of its core: its figure may be the load's limit.`,
  );
  return { comparisons: [relayed, cost], readings: [], remarks: [reading, ...limits] };
}

async function compareLatency(
  contest: Contest,
  settings: Scale & FleetSize & { readonly isSecure: boolean },
): Promise<BenchResult> {
  const { isSecure, phones, consoles, middle, windowMs } = settings;
  const what = `${(phones + consoles).toLocaleString('en-US')} clients${over(isSecure)}`;
  const fansOut = consoles === middle.consoles;
  const rounds = await contest.compare(`latency, ${what}`, settings, async ({ fleet }) => {
    const order = { fleet, perSecond: STEADY_RATE, milliseconds: windowMs };
    const latency = await contest.load.ask('latency', order);
    return { ...latency, fanOut: fansOut ? await contest.load.ask('fanOut', { fleet }) : 0 };
  });
  const rate = `${STEADY_RATE.toLocaleString('en-US')} messages/s`;
  const comparisons: Comparison[] = (['p50', 'p99'] as const).map((share) => ({
    name: `relay time ${share} at ${rate}, ${what}`,
    unit: 'ms',
    better: 'less',
    pairs: pairsOf(rounds, (side) => side[share]),
  }));
  if (!fansOut) return { comparisons, readings: [], remarks: [] };
  const { updateDelayMs } = SOCKET_LIMITS;
  const fanOut: Comparison = {
    name: `a viewer count reaches the last of ${consoles.toLocaleString('en-US')} consoles${over(isSecure)}`,
    unit: 'ms',
    better: 'less',
    pairs: rounds.map(({ sightline, bare }) => {
      return { sightline: Math.max(0, sightline.fanOut - updateDelayMs), bare: bare.fanOut };
    }),
  };
  const remark = `Sightline gathers changes of a stream for ${updateDelayMs} ms before it tells them; the time of a viewer count is without these.`;
  return { comparisons: [...comparisons, fanOut], readings: [], remarks: [remark] };
}

function over(isSecure: boolean): string {
  return isSecure ? ', TLS' : '';
}
