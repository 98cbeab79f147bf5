import { describe, expect, it } from 'vitest';
import { BroadcastMemory, RESUME_LIVE_WITHIN_MS } from './broadcast-memory';
import { cleanLabel } from './clean-label';
import { openStorage } from './page-storage';

const denied = (): Storage => {
  throw new DOMException('', 'SecurityError');
};
const live = { sinceMs: 1_000, seenAtMs: 5_000, isMuted: false };

describe('BroadcastMemory', () => {
  it('works as long as the page where storage is denied', () => {
    const memory = new BroadcastMemory(openStorage(denied), openStorage(denied));
    memory.label = 'Stage left';
    memory.rememberLive(live);
    expect(memory.label).toBe('Stage left');
    expect(memory.liveAt(6_000)).toEqual(live);
    expect(memory.streamId).toBe(memory.streamId);
  });

  it('forgets what is live when it was last seen too long ago, or in the future', () => {
    const memory = new BroadcastMemory(openStorage(denied), openStorage(denied));
    memory.rememberLive(live);
    expect(memory.liveAt(5_000 + RESUME_LIVE_WITHIN_MS - 1)).toEqual(live);
    expect(memory.liveAt(5_000 + RESUME_LIVE_WITHIN_MS)).toBeUndefined();
    expect(memory.liveAt(4_000)).toBeUndefined();
  });

  it.each(['not JSON', '{}', '{"sinceMs":"soon"}', 'null'])('takes %s for nothing', (text) => {
    const tab = openStorage(denied);
    tab.setItem('sightline.live', text);
    expect(new BroadcastMemory(tab, openStorage(denied)).liveAt(0)).toBeUndefined();
  });

  it('goes on when storage is full', () => {
    const full = openStorage(denied);
    full.setItem = () => {
      throw new DOMException('', 'QuotaExceededError');
    };
    const memory = new BroadcastMemory(full, full);
    memory.label = 'Stage left';
    expect(memory.streamId).toMatch(/^[\da-f-]{36}$/u);
  });
});

describe('cleanLabel', () => {
  it.each([
    ['  Stage \n\t left ', 'Stage left'],
    ['   ', undefined],
    ['a'.repeat(80), 'a'.repeat(60)],
    ['a'.repeat(59) + '🎥', 'a'.repeat(59)],
    ['bell \u0007', undefined],
  ])('makes of %j %j', (text, label) => {
    expect(cleanLabel(text)).toBe(label);
  });
});
