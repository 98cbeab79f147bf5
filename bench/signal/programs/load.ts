/**
 * The process that makes the load, apart from the server that it loads and from the bench. It does
 * what it is told over Node's channel to its parent, and ends with it.
 */
import { openFleet, type Couple, type Fleet } from '../load/fleet';
import { measureFanOut, measureLatency, measureThroughput, untilQuiet } from '../load/measure';
import type { AnswerMessage, OrderMessage, OrderName, Orders } from '../load/orders';

interface Known {
  readonly fleets: Fleet[];
  couples: readonly Couple[];
}

const known = new Map<string, Known>();

const handlers: {
  [N in OrderName]: (order: Orders[N]['order']) => Promise<Orders[N]['answer']>;
} = {
  async open({ fleet: name, plan }) {
    const startedAt = performance.now();
    const fleet = await openFleet(plan);
    const milliseconds = performance.now() - startedAt;
    const entry = known.get(name) ?? { fleets: [], couples: [] };
    entry.fleets.push(fleet);
    known.set(name, entry);
    return milliseconds;
  },
  async couple({ fleet }) {
    const entry = find(fleet);
    const first = firstOf(entry);
    entry.couples = await first.couple();
    await untilQuiet(first);
    return null;
  },
  throughput: ({ fleet, milliseconds }) => measureThroughput(find(fleet).couples, milliseconds),
  latency: ({ fleet, perSecond, milliseconds }) =>
    measureLatency(find(fleet).couples, perSecond, milliseconds),
  fanOut: ({ fleet }) => measureFanOut(firstOf(find(fleet))),
  close({ fleet }) {
    for (const one of find(fleet).fleets) one.close();
    known.delete(fleet);
    return Promise.resolve(null);
  },
};

process.on('message', (message: OrderMessage) => void obey(message));
process.on('disconnect', () => process.exit());

async function obey({ id, name, order }: OrderMessage): Promise<void> {
  const answer = await handle(name, order).then(
    (value): AnswerMessage => ({ id, answer: value }),
    (error: unknown): AnswerMessage => {
      return { id, failure: error instanceof Error ? error.message : String(error) };
    },
  );
  process.send?.(answer);
}

function handle<N extends OrderName>(
  name: N,
  order: Orders[N]['order'],
): Promise<Orders[N]['answer']> {
  return handlers[name](order);
}

function find(name: string): Known {
  const entry = known.get(name);
  if (entry === undefined) throw new Error(`There is no fleet ${name}.`);
  return entry;
}

function firstOf({ fleets: [first] }: Known): Fleet {
  if (first === undefined) throw new Error('A fleet has no clients.');
  return first;
}
