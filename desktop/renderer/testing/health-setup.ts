/** Facts of a stream that is all right, for tests to spoil. */
import type { StreamSample } from '../../../signal/rtc/stats/stream-sample';
import type { HealthFacts } from '../health/health-facts';

/** A sample of a good picture, changed. */
export function goodSample(change: Partial<StreamSample> = {}): StreamSample {
  return {
    takenAt: 0,
    isPictureMoving: true,
    packetsArrive: true,
    pictureStoppedForMs: 0,
    audioPacketsArrive: true,
    framesPerSecond: 30,
    width: 1280,
    height: 720,
    packetsLostRatio: 0,
    decodeMs: 4,
    isRelayed: false,
    ...change,
  };
}

/** Facts of a good stream, changed. */
export function goodFacts(change: Partial<HealthFacts> = {}): HealthFacts {
  return {
    state: 'live',
    capture: { state: 'active', hasAudio: true, microphoneMuted: false },
    isPictureWanted: true,
    sample: goodSample(),
    telemetry: {
      sending: { qualityLimitationReason: 'none', captureFramesPerSecond: 30, framesPerSecond: 30 },
      phone: { batteryLevel: 0.8, isCharging: false },
    },
    maxFramerate: undefined,
    latencyMs: 80,
    luma: { mean: 110, deviation: 40 },
    sound: { silentForMs: 0, clippedRatio: 0 },
    ...change,
  };
}
