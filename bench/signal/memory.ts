/** What idle clients weigh, and how fast they are let in. A fresh server for every measurement. */
import type { BenchContext, BenchResult, Comparison } from '../core/benchmark';
import { interleave, pairsOf, type Round } from '../core/interleave';
import type { Contest, Contestant } from './contest';
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
  readonly milliseconds: number;
}

/** Compares both at each number of idle clients. */
export async function compareMemory(
  context: BenchContext,
  contest: Contest,
  settings: MemorySettings,
): Promise<BenchResult> {
  const { counts, isSecure } = settings;
  const suffix = isSecure ? ', TLS' : '';
  const fill = async (fleet: Contestant['fleet']): Promise<Filled> => {
    const contestant = await contest.start(fleet, { isSecure, isInspected: true });
    try {
      return await fillUp(contest, contestant, counts);
    } finally {
      await contest.end(contestant);
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
    pairs: pairsOf(rounds, ({ milliseconds }) => milliseconds),
  };
  const remark = `Memory is resident memory after garbage collection, beyond that with ${FIRST_CLIENTS} clients. Clients of Sightline have said hello by key and are half phones, half consoles.`;
  return { comparisons: [...memory, accepting], readings: [], remarks: [remark] };
}

async function fillUp(
  contest: Contest,
  contestant: Contestant,
  counts: readonly number[],
): Promise<Filled> {
  const { pid, printed } = contestant.server;
  let milliseconds = await contest.open(contestant, half(FIRST_CLIENTS));
  const before = await memoryOf(pid, printed());
  const bytesPerClient: number[] = [];
  let connected = FIRST_CLIENTS;
  for (const count of counts) {
    milliseconds += await contest.open(contestant, half(count - connected));
    connected = count;
    const bytes = (await memoryOf(pid, printed())) - before;
    bytesPerClient.push(bytes / (connected - FIRST_CLIENTS));
  }
  return { bytesPerClient, milliseconds };
}

function half(count: number): { phones: number; consoles: number } {
  const phones = Math.floor(count / 2);
  return { phones, consoles: count - phones };
}
