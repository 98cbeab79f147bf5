/** On the browser's own IndexedDB. */
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HistoryEvent } from './history-events';
import type { HistorySample } from './history-thinner';
import { SessionHistory, type SessionHistoryOptions, type SessionRecord } from './session-history';

const DAY_MS = 24 * 60 * 60 * 1_000;
const NOW = 100 * DAY_MS;

const open: SessionHistory[] = [];

function openHistory(options: SessionHistoryOptions = {}): SessionHistory {
  const history = new SessionHistory({ now: () => NOW, ...options });
  open.push(history);
  return history;
}

function sampleAt(at: number): HistorySample {
  return { streamId: 'A', at, liveSeconds: 10, receivedBytes: 1, health: 'good' };
}

function session(sessionId: string, change: Partial<SessionRecord> = {}): SessionRecord {
  return { sessionId, startedAt: NOW - 5_000, aliveAt: NOW, streamCount: 1, ...change };
}

/** A session of a day in the past, with a sample for each of some seconds. */
async function keepOld(history: SessionHistory, name: string, daysAgo: number, samples = 1) {
  const at = NOW - daysAgo * DAY_MS;
  await history.write({
    session: session(name, { startedAt: at, aliveAt: at, endedAt: at }),
    samples: Array.from({ length: samples }, (_, second) => sampleAt(at + second)),
    events: [],
  });
}

const namesIn = async (history: SessionHistory): Promise<string[]> =>
  (await history.sessions()).map(({ sessionId }) => sessionId);

beforeEach(() => deleteDB('sightline-history'));

afterEach(() => {
  for (const history of open.splice(0)) history.close();
  vi.restoreAllMocks();
});

describe('SessionHistory', () => {
  it('keeps a session over a restart, as it was written', async () => {
    const first = openHistory();
    const joined: HistoryEvent = { streamId: 'A', label: 'Stage', at: NOW - 2_000, kind: 'joined' };
    await first.write({ session: session('S'), samples: [sampleAt(1)], events: [joined] });
    const ended = session('S', { endedAt: NOW });
    await first.write({ session: ended, samples: [sampleAt(2), sampleAt(3)], events: [] });
    first.close();
    const second = openHistory();
    expect(await second.sessions()).toMatchObject([ended]);
    expect(await second.read('S')).toEqual({
      samples: [sampleAt(1), sampleAt(2), sampleAt(3)],
      events: [joined],
    });
    expect(second.isKept).toBe(true);
  });

  it('ends the session of a console that crashed, but none that runs in another tab', async () => {
    const first = openHistory();
    const crashedAt = NOW - 600_000;
    await first.write({ session: session('C', { aliveAt: crashedAt }), samples: [], events: [] });
    await first.write({ session: session('R'), samples: [], events: [] });
    first.close();
    const second = openHistory();
    await second.clean();
    const byName = new Map((await second.sessions()).map((one) => [one.sessionId, one]));
    expect(byName.get('C')?.endedAt).toBe(crashedAt);
    expect(byName.get('R')?.endedAt).toBeUndefined();
  });

  it('keeps what two consoles write at once apart', async () => {
    const consoles = [openHistory(), openHistory()];
    await Promise.all(
      consoles.flatMap((history, tab) =>
        Array.from({ length: 20 }, (_, place) =>
          history.write({
            session: session(`S${tab}`),
            samples: [sampleAt(tab * 1_000 + place)],
            events: [],
          }),
        ),
      ),
    );
    for (const tab of [0, 1]) {
      const { samples } = await consoles[0]!.read(`S${tab}`);
      expect(samples.map(({ at }) => at)).toEqual(
        Array.from({ length: 20 }, (_, place) => tab * 1_000 + place),
      );
    }
  });

  it('forgets what is older than 30 days when it opens', async () => {
    const first = openHistory();
    await keepOld(first, 'old', 31);
    await keepOld(first, 'new', 29);
    first.close();
    const second = openHistory();
    await expect.poll(() => namesIn(second)).toEqual(['new']);
    expect((await second.read('old')).samples).toEqual([]);
  });

  it('forgets the oldest of what is too much, whole sessions at a time', async () => {
    const history = openHistory({ maxEntries: 10 });
    for (const [name, days] of Object.entries({ A: 3, B: 2, C: 1 })) {
      await keepOld(history, name, days, 4);
    }
    await history.clean();
    expect(await namesIn(history)).toEqual(['C', 'B']);
  });

  it('makes room on a full disk by forgetting the oldest', async () => {
    const history = openHistory();
    await keepOld(history, 'A', 3);
    await keepOld(history, 'B', 2);
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await keepOld(history, 'C', 1);
    expect(await namesIn(history)).toEqual(['C', 'B']);
  });

  it('forgets one session, or all', async () => {
    const history = openHistory();
    await keepOld(history, 'A', 1);
    await keepOld(history, 'B', 2);
    await history.remove('A');
    expect(await namesIn(history)).toEqual(['B']);
    expect((await history.read('A')).samples).toEqual([]);
    await history.clear();
    expect(await namesIn(history)).toEqual([]);
  });

  it('does nothing where the browser denies its storage', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    const onTrouble = vi.fn();
    const history = openHistory({ onTrouble });
    await keepOld(history, 'A', 1);
    expect(await history.sessions()).toEqual([]);
    expect(await history.read('A')).toEqual({ samples: [], events: [] });
    expect(history.isKept).toBe(false);
    expect(onTrouble).toHaveBeenCalledTimes(1);
  });

  it('gives up after failures in a row, and says so once', async () => {
    const onTrouble = vi.fn();
    const history = openHistory({ onTrouble });
    await keepOld(history, 'A', 1);
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    for (let round = 0; round < 5; round += 1) await keepOld(history, 'A', 1);
    expect(history.isKept).toBe(false);
    expect(onTrouble).toHaveBeenCalledTimes(1);
  });

  it('is closed also when that comes before it is open', async () => {
    const history = openHistory();
    history.close();
    history.close();
    await keepOld(history, 'A', 1);
    expect(history.isKept).toBe(false);
    // A database left open would keep this one waiting.
    await deleteDB('sightline-history');
  });
});
