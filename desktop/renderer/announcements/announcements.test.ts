import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { streamInfo } from '../testing/fake-streams';
import { useAnnouncerStore } from './announcer-store';
import { coalesce } from './coalesce';
import { sentenceOf } from './sentence-of';

const info = streamInfo(1, { label: 'Stage left' });
const live = { name: 'live', cause: 'picture-moving' } as const;
const connecting = { name: 'connecting', cause: 'waiting-for-picture' } as const;
const away = { name: 'reconnecting', cause: 'publisher-away' } as const;

describe('sentenceOf', () => {
  it('says who joins, drops, returns and leaves', () => {
    expect(sentenceOf(info, connecting, undefined)).toBe('Stage left joined.');
    expect(sentenceOf(info, away, live)).toBe('Stage left: the phone has lost its connection.');
    expect(sentenceOf(info, live, away)).toBe('Stage left is live again.');
    expect(sentenceOf(info, { name: 'ended', cause: 'removed-stopped' }, live)).toBe(
      'Stage left left: stopped on the phone.',
    );
  });

  it('is silent about a join that succeeds, and about another reason for the same state', () => {
    expect(sentenceOf(info, live, connecting)).toBeUndefined();
    expect(sentenceOf(info, away, { name: 'reconnecting', cause: 'no-packets' })).toBeUndefined();
  });
});

describe('coalesce', () => {
  it('says a few and counts the rest', () => {
    expect(coalesce(['A joined.'])).toBe('A joined.');
    expect(coalesce(['A.', 'B.', 'C.', 'D.', 'E.'])).toBe('A. B. C. And 2 more changes.');
  });
});

describe('the announcer', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    setActivePinia(createPinia());
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('gathers what happens together into one announcement', () => {
    const announcer = useAnnouncerStore();
    announcer.say('A joined.');
    announcer.say('B joined.');
    expect(announcer.announcement).toBe('');
    vi.runAllTimers();
    expect(announcer.announcement).toBe('A joined. B joined.');
    announcer.say('C joined.');
    vi.runAllTimers();
    expect(announcer.announcement).toBe('C joined.');
  });

  it('leaves no timer behind', () => {
    const announcer = useAnnouncerStore();
    announcer.say('A joined.');
    announcer.$dispose();
    expect(vi.getTimerCount()).toBe(0);
  });
});
