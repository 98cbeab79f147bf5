/** On the browser's own IndexedDB. */
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HistorySample } from './history-thinner';
import { SessionHistory, type SessionHistoryOptions } from './session-history';

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

beforeEach(() => deleteDB('sightline-history'));

afterEach(() => {
  for (const history of open.splice(0)) history.close();
  vi.restoreAllMocks();
});

describe('SessionHistory', () => {
  it('keeps samples and events over a restart, and finds them by time', async () => {
    const first = openHistory();
    await first.addSample(sampleAt(NOW - 2_000));
    await first.addSample(sampleAt(NOW - 1_000));
    const joined = { streamId: 'A', label: 'Stage', at: NOW - 2_000, kind: 'joined' } as const;
    await first.addEvent(joined);
    first.close();
    const second = openHistory();
    expect(await second.samples(NOW - 1_500, NOW)).toEqual([sampleAt(NOW - 1_000)]);
    expect(await second.events(0, NOW)).toEqual([joined]);
    expect(second.isKept).toBe(true);
  });

  it('forgets what is older than 30 days when it opens', async () => {
    const first = openHistory();
    for (const days of [31, 40, 29]) await first.addSample(sampleAt(NOW - days * DAY_MS));
    first.close();
    const second = openHistory();
    await expect.poll(() => second.samples(0, NOW)).toEqual([sampleAt(NOW - 29 * DAY_MS)]);
  });

  it('forgets the oldest of what is too much', async () => {
    const history = openHistory({ maxSamples: 3 });
    for (let second = 0; second < 8; second += 1) await history.addSample(sampleAt(NOW + second));
    await history.clean();
    const kept = await history.samples(0, NOW + 100);
    expect(kept.map(({ at }) => at - NOW)).toEqual([5, 6, 7]);
  });

  it('can be emptied', async () => {
    const history = openHistory();
    await history.addSample(sampleAt(NOW));
    await history.clear();
    expect(await history.samples(0, NOW)).toEqual([]);
  });

  it('does nothing where the browser denies its storage', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    const onTrouble = vi.fn();
    const history = openHistory({ onTrouble });
    await history.addSample(sampleAt(NOW));
    expect(await history.samples(0, NOW)).toEqual([]);
    expect(history.isKept).toBe(false);
    expect(onTrouble).toHaveBeenCalledTimes(1);
  });

  it('gives up after failures in a row, such as a full disk, and says so once', async () => {
    const onTrouble = vi.fn();
    const history = openHistory({ onTrouble });
    await history.addSample(sampleAt(NOW));
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    for (let round = 0; round < 5; round += 1) await history.addSample(sampleAt(NOW));
    expect(history.isKept).toBe(false);
    expect(onTrouble).toHaveBeenCalledTimes(1);
  });

  it('is closed also when that comes before it is open', async () => {
    const history = openHistory();
    history.close();
    history.close();
    await history.addSample(sampleAt(NOW));
    expect(history.isKept).toBe(false);
    // A database left open would keep this one waiting.
    await deleteDB('sightline-history');
  });
});
