import { describe, expect, it } from 'vitest';
import { goodFacts, goodSample } from '../testing/health-setup';
import { healthWords } from '../wording/health-words';
import type { AlertKind } from './alert-rules';
import { diagnose } from './diagnose';
import type { HealthFacts } from './health-facts';
import { healthOf } from './health';

function sentence(change: Partial<HealthFacts>, ...raised: AlertKind[]): string {
  return healthWords.diagnosis(diagnose(goodFacts(change), new Set(raised)));
}

describe('the cause in one sentence', () => {
  it('is the phone’s CPU, with frames of the camera’s', () => {
    const telemetry = {
      sending: { qualityLimitationReason: 'cpu', captureFramesPerSecond: 30 } as const,
      phone: {},
    };
    const sample = goodSample({ framesPerSecond: 14 });
    expect(sentence({ telemetry, sample }, 'cpu-limited', 'low-fps')).toBe(
      'The phone is limited by its CPU: 14 fps of 30.',
    );
  });

  it('is the network, with what is left of the picture', () => {
    const telemetry = {
      sending: {
        qualityLimitationReason: 'bandwidth',
        targetBitrateBps: 400_000,
        captureWidth: 1280,
        captureHeight: 720,
      } as const,
      phone: {},
    };
    const sample = goodSample({ width: 320, height: 180 });
    expect(sentence({ telemetry, sample })).toBe(
      'The network limits the phone: 400 kbit/s, 320×180 of 1280×720.',
    );
  });

  it('is the network also where the encoder still keeps the size', () => {
    const sending = { qualityLimitationReason: 'none', targetBitrateBps: 240_000 } as const;
    expect(sentence({ telemetry: { sending, phone: {} } }, 'network-limited')).toBe(
      'The network limits the phone: 240 kbit/s, 30 fps.',
    );
  });

  it('is not the network where it takes all that the phone may send', () => {
    const telemetry = {
      sending: {
        qualityLimitationReason: 'bandwidth',
        targetBitrateBps: 820_000,
        captureWidth: 640,
        captureHeight: 360,
      } as const,
      phone: {},
    };
    const facts = { telemetry, sample: goodSample({ width: 320, height: 180 }) };
    expect(sentence({ ...facts, maxBitrateBps: 880_000 })).toBe(
      'The picture has more detail than its bits can show: 320×180 of 640×360.',
    );
    expect(sentence({ ...facts, maxBitrateBps: 880_000 }, 'silent')).toContain('No sound');
    expect(sentence({ ...facts, maxBitrateBps: 2_500_000 })).toContain('The network limits');
    const scaleResolutionDownBy = 2;
    const sending = { ...telemetry.sending, width: 320 };
    const asAsked = { telemetry: { sending, phone: {} }, scaleResolutionDownBy };
    expect(sentence({ ...asAsked, maxBitrateBps: 880_000 })).toBe('All is well.');
    expect(sentence({ ...asAsked, maxBitrateBps: 880_000, scaleResolutionDownBy: 1 })).toContain(
      'more detail',
    );
  });

  it('is loss, which explains a network that limits', () => {
    const telemetry = { sending: { qualityLimitationReason: 'bandwidth' } as const, phone: {} };
    const sample = goodSample({ packetsLostRatio: 0.12 });
    expect(sentence({ telemetry, sample }, 'high-loss')).toBe('12 % of packets lost on the way.');
  });

  it('tells a camera that gives little from a computer that is too slow', () => {
    const camera = { sending: { captureFramesPerSecond: 8, framesPerSecond: 8 }, phone: {} };
    const slow = goodSample({ framesPerSecond: 8 });
    expect(sentence({ sample: slow, telemetry: camera }, 'low-fps')).toBe(
      'The phone’s camera gives few pictures: 8 fps.',
    );
    const busy = goodSample({ framesPerSecond: 8, decodeMs: 120 });
    expect(sentence({ sample: busy }, 'low-fps')).toBe(
      'This computer cannot keep up: 8 fps of 30.',
    );
  });

  it('is what a frozen picture lacks', () => {
    const frozen = { state: 'frozen' } as const;
    expect(sentence(frozen, 'frozen')).toContain('no new picture');
    const nothing = goodSample({ packetsArrive: false });
    expect(sentence({ ...frozen, sample: nothing }, 'frozen')).toContain('Nothing arrives');
  });

  it('is the phone’s pause before anything that follows from it', () => {
    const capture = { state: 'interrupted', hasAudio: true, microphoneMuted: false } as const;
    expect(sentence({ capture, state: 'frozen' }, 'paused', 'silent')).toContain('A call');
  });

  it('is the relay where nothing worse is', () => {
    expect(sentence({}, 'relayed')).toBe('Relayed through TURN.');
    expect(sentence({}, 'relayed', 'black')).toContain('black');
  });

  it('is none where all is well, and never names a figure that is unknown', () => {
    expect(sentence({})).toBe('All is well.');
    const unknown = { sample: undefined, telemetry: undefined, latencyMs: undefined };
    expect(sentence(unknown, 'low-fps')).toBe('Few pictures arrive.');
    expect(sentence(unknown, 'silent', 'battery-low')).not.toMatch(/NaN|undefined/u);
  });
});

describe('health', () => {
  it('is good without alerts, and with notices alone', () => {
    expect(healthOf('live', [])).toEqual({ level: 'good', reason: undefined });
    expect(healthOf('live', ['relayed'])).toEqual({ level: 'good', reason: 'relayed' });
  });

  it('is fair with a warning, poor with many or with one that the audience sees', () => {
    expect(healthOf('live', ['high-loss']).level).toBe('fair');
    expect(healthOf('live', ['high-loss', 'low-fps', 'high-latency']).level).toBe('poor');
    expect(healthOf('live', ['black'])).toEqual({ level: 'poor', reason: 'black' });
  });

  it('is lost where nothing comes', () => {
    expect(healthOf('reconnecting', ['frozen'])).toEqual({ level: 'lost', reason: 'frozen' });
    expect(healthOf('ended', []).level).toBe('lost');
  });
});
