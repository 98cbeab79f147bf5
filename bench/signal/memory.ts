/**
 * What idle clients weigh, and how fast they are let in. Every measurement has a fresh server, and a
 * fresh load: what ten thousand clients leave behind makes the next ones slower.
 */
import type { BenchContext, BenchResult, Comparison } from '../core/benchmark';
import { median } from '../core/figures';
import { interleave, pairsOf, type Round } from '../core/interleave';
import { BUSY_LOAD, Contest, type Contestant, type Opening } from './contest';
import { memoryOf } from './inspected';

/** Most memory of an idle client for each byte of a bare one. */
const MEMORY_AIM = 1.5;

/** Clients that come before the first reading: they have all code loaded that the rest will run. */
const FIRST_CLIENTS = 100;

/** How many are measured. */
export interface MemorySettings {
  /** Numbers of clients, growing. */
  readonly counts: readonly number[];
  readonly isSecure: boolean;
}

interface Filled {
  /** Resident bytes for each client, by `counts`. */
  readonly bytesPerClient: readonly number[];
  /** From the first connection to the last welcome, without the readings between them. */
  readonly opening: Opening;
}

/** Compares both at each number of idle clients. */
export async function compareMemory(
  context: BenchContext,
  bareBundle: string,
  { counts, isSecure }: MemorySettings,
): Promise<BenchResult> {
  const suffix = isSecure ? ', TLS' : '';
  const fill = async (fleet: Contestant['fleet']): Promise<Filled> => {
    const contest = new Contest(context, bareBundle);
    try {
      const contestant = await contest.start(fleet, { isSecure, isInspected: true });
      const filled = await fillUp(contest, contestant, counts);
      await contest.end(contestant);
      return filled;
    } finally {
      await contest.close();
    }
  };
  const rounds: Round<Filled>[] = await interleave(
    context,
    { sightline: () => fill('sightline'), bare: () => fill('bare') },
    // Nothing is warm in a fresh process.
    { name: `idle clients${suffix}`, warmUps: 0 },
  );
  const memory = counts.map((count, index): Comparison => {
    return {
      name: `memory of an idle client, ${count.toLocaleString('en-US')} clients${suffix}`,
      unit: 'kB',
      better: 'less',
      pairs: pairsOf(rounds, ({ bytesPerClient }) => (bytesPerClient[index] ?? 0) / 1000),
      aim: MEMORY_AIM,
    };
  });
  const last = counts.at(-1) ?? 0;
  const accepting: Comparison = {
    name: `time to accept ${last.toLocaleString('en-US')} clients${suffix}`,
    unit: 'ms',
    better: 'less',
    pairs: pairsOf(rounds, ({ opening }) => opening.milliseconds),
  };
  const cost: Comparison = {
    name: `server time for each of them${suffix}`,
    unit: 'µs',
    better: 'less',
    pairs: pairsOf(rounds, ({ opening }) => (opening.serverMs / last) * 1000),
  };
  const remark = `Memory is resident memory after garbage collection, beyond that with ${FIRST_CLIENTS} clients. Clients of Sightline have said hello by key and are half phones, half consoles.`;
  return {
    comparisons: [...memory, accepting, cost],
    readings: [],
    remarks: [remark, ...limitsOf(rounds, isSecure)],
  };
}

/** Says so where letting clients in took the load all of its time. */
function limitsOf(rounds: readonly Round<Filled>[], isSecure: boolean): string[] {
  return (['sightline', 'bare'] as const).flatMap((side) => {
    const share = median(
      rounds.map(({ [side]: { opening } }) => opening.loadMs / opening.milliseconds),
    );
    if (share <= BUSY_LOAD) return [];
    return [
      `While ${side} let clients in${isSecure ? ' by TLS' : ''}, the load filled ${Math.round(share * 100)} % of its core: the time to accept is the load’s, and the server time says what the server needs.`,
    ];
  });
}

async function fillUp(
  contest: Contest,
  contestant: Contestant,
  counts: readonly number[],
): Promise<Filled> {
  const { pid, printed } = contestant.server;
  const openings = [await contest.open(contestant, half(FIRST_CLIENTS))];
  const before = await memoryOf(pid, printed());
  const bytesPerClient: number[] = [];
  let connected = FIRST_CLIENTS;
  for (const count of counts) {
    openings.push(await contest.open(contestant, half(count - connected)));
    connected = count;
    const bytes = (await memoryOf(pid, printed())) - before;
    bytesPerClient.push(bytes / (connected - FIRST_CLIENTS));
  }
  const sum = (pick: (opening: Opening) => number): number =>
    openings.reduce((total, opening) => total + pick(opening), 0);
  return {
    bytesPerClient,
    opening: {
      milliseconds: sum(({ milliseconds }) => milliseconds),
      serverMs: sum(({ serverMs }) => serverMs),
      loadMs: sum(({ loadMs }) => loadMs),
    },
  };
}

function half(count: number): { phones: number; consoles: number } {
  const phones = Math.floor(count / 2);
  return { phones, consoles: count - phones };
}
