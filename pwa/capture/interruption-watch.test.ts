import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeTrack } from '../testing/fake-media';
import { FakePage } from '../testing/fake-page';
import { InterruptionWatch } from './interruption-watch';
import { MUTE_SETTLE_MS } from './interruptions';

describe('InterruptionWatch', () => {
  let page: FakePage;
  let view: EventTarget;
  let track: FakeTrack;
  let states: string[];
  let reopen: ReturnType<typeof vi.fn<() => Promise<boolean>>>;
  let watch: InterruptionWatch;

  beforeEach(() => {
    vi.useFakeTimers();
    page = new FakePage();
    view = new EventTarget();
    track = new FakeTrack('video', 'Back');
    states = [];
    reopen = vi.fn(() => {
      watch.follow(new FakeTrack('video', 'Back'));
      return Promise.resolve(true);
    });
    watch = new InterruptionWatch({ page, view, reopen, changed: (state) => states.push(state) });
    watch.follow(track);
  });

  afterEach(() => {
    watch.close();
    vi.useRealTimers();
  });

  it('reports a call that takes the camera, and its end', () => {
    track.pause(true);
    vi.advanceTimersByTime(MUTE_SETTLE_MS - 1);
    expect(states).toEqual([]);
    vi.advanceTimersByTime(1);
    track.pause(false);
    expect(states).toEqual(['interrupted', 'active']);
    expect(reopen).not.toHaveBeenCalled();
  });

  it('fetches the camera again after a lock screen that muted it', async () => {
    page.hide();
    track.pause(true);
    await vi.advanceTimersByTimeAsync(60_000);
    page.show();
    await vi.advanceTimersByTimeAsync(MUTE_SETTLE_MS);
    expect(reopen).toHaveBeenCalledOnce();
    expect(states).toEqual(['hidden', 'interrupted', 'active']);
  });

  it('sees a track that was muted or ended before it was followed', () => {
    const muted = new FakeTrack('video', 'Back');
    muted.muted = true;
    watch.follow(muted);
    vi.advanceTimersByTime(MUTE_SETTLE_MS);
    expect(watch.captureState).toBe('interrupted');
    const ended = new FakeTrack('video', 'Back');
    ended.stop();
    watch.follow(ended);
    expect(reopen).toHaveBeenCalledOnce();
  });

  it('says that the camera is gone when it cannot be had again', async () => {
    reopen.mockResolvedValueOnce(false);
    track.end();
    await vi.advanceTimersByTimeAsync(0);
    expect(states).toEqual(['interrupted', 'ended']);
    watch.retry();
    await vi.advanceTimersByTimeAsync(0);
    expect(states).toEqual(['interrupted', 'ended', 'interrupted', 'active']);
  });

  it('counts a page that is put away or frozen as hidden', () => {
    view.dispatchEvent(new Event('pagehide'));
    expect(watch.captureState).toBe('hidden');
    view.dispatchEvent(new Event('pageshow'));
    expect(watch.captureState).toBe('active');
    page.dispatchEvent(new Event('freeze'));
    expect(watch.captureState).toBe('hidden');
  });

  it('no longer hears a track that was replaced', () => {
    watch.follow(new FakeTrack('video', 'Front'));
    track.end();
    expect(reopen).not.toHaveBeenCalled();
  });

  it('lets go of everything when closed, twice as well as once', () => {
    track.pause(true);
    watch.close();
    watch.close();
    page.hide();
    track.end();
    expect(vi.getTimerCount()).toBe(0);
    expect(states).toEqual([]);
    expect(reopen).not.toHaveBeenCalled();
  });
});
