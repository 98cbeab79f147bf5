import { describe, expect, it, vi } from 'vitest';
import { LiveLatency, type FrameSource } from './live-latency';

const FIGURES = { roundTripTimeMs: 10, processingMs: 8, encodeMs: 2, sendDelayMs: 0 };

/** A video element whose frames come when a test says so. */
class FakeVideo implements FrameSource {
  waiting = new Map<number, VideoFrameRequestCallback>();
  asked = 0;

  requestVideoFrameCallback(callback: VideoFrameRequestCallback): number {
    this.asked += 1;
    this.waiting.set(this.asked, callback);
    return this.asked;
  }

  cancelVideoFrameCallback(handle: number): void {
    this.waiting.delete(handle);
  }

  show(times: Partial<VideoFrameCallbackMetadata>): void {
    const callbacks = [...this.waiting.values()];
    this.waiting.clear();
    const metadata = times as VideoFrameCallbackMetadata;
    for (const callback of callbacks) callback(0, metadata);
  }
}

describe('LiveLatency', () => {
  it('asks for one frame a sample, however many are shown', () => {
    const video = new FakeVideo();
    const latency = new LiveLatency(video);
    for (let second = 0; second < 3; second += 1) {
      latency.sample(FIGURES, true);
      for (let frame = 0; frame < 30; frame += 1) {
        video.show({ expectedDisplayTime: 1_000, captureTime: 950, receiveTime: 970 });
      }
    }
    expect(video.asked).toBe(3);
    expect(latency.sample(FIGURES, true)).toMatchObject({
      latencyMs: 50,
      method: 'capture-time',
    });
  });

  it('piles up no request while the page is hidden', () => {
    const video = new FakeVideo();
    const latency = new LiveLatency(video);
    for (let second = 0; second < 60; second += 1) latency.sample(FIGURES, true);
    expect(video.asked).toBe(1);
  });

  it('goes by the stages where the browser has no times of frames', () => {
    const latency = new LiveLatency({});
    expect(latency.sample(FIGURES, true)).toMatchObject({ method: 'stages' });
  });

  it('has no figure for a picture that stands still, nor an old one afterwards', () => {
    const video = new FakeVideo();
    const latency = new LiveLatency(video);
    latency.sample(FIGURES, true);
    video.show({ expectedDisplayTime: 1_000, captureTime: 900 });
    expect(latency.sample(FIGURES, false)).toBeUndefined();
    video.show({ expectedDisplayTime: 9_000, captureTime: 8_960 });
    expect(latency.sample(FIGURES, true)?.latencyMs).toBe(40);
  });

  it('asks for nothing once closed', () => {
    const video = new FakeVideo();
    const cancel = vi.spyOn(video, 'cancelVideoFrameCallback');
    const latency = new LiveLatency(video);
    latency.sample(FIGURES, true);
    latency.close();
    latency.close();
    expect(cancel).toHaveBeenCalledTimes(1);
    expect(video.waiting.size).toBe(0);
    expect(latency.sample(FIGURES, true)).toBeUndefined();
    expect(video.waiting.size).toBe(0);
  });
});
