import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goodFacts, goodSample } from '../testing/health-setup';
import { AlertEngine } from './alert-engine';
import { ALERT_KINDS, type AlertKind } from './alert-rules';
import { defaultAlertSettings, type AlertSettings } from './alert-settings';
import type { HealthFacts } from './health-facts';

const STREAM = 'A';

/** What a look sees while one thing is wrong. */
const troubles: Record<AlertKind, Partial<HealthFacts>> = {
  paused: { capture: { state: 'hidden', hasAudio: true, microphoneMuted: false } },
  frozen: { sample: goodSample({ isPictureMoving: false, pictureStoppedForMs: 60_000 }) },
  black: { luma: { mean: 2, deviation: 1 } },
  silent: { sound: { silentForMs: 60_000, clippedRatio: 0 } },
  'high-loss': { sample: goodSample({ packetsLostRatio: 0.12 }) },
  'low-fps': { sample: goodSample({ framesPerSecond: 7 }) },
  'high-latency': { latencyMs: 900 },
  'cpu-limited': { telemetry: { sending: { qualityLimitationReason: 'cpu' }, phone: {} } },
  'network-limited': {
    telemetry: { sending: { targetBitrateBps: 250_000, videoBitrateBps: 240_000 }, phone: {} },
    maxBitrateBps: 880_000,
  },
  clipped: { sound: { silentForMs: 0, clippedRatio: 0.9 } },
  'battery-low': { telemetry: { sending: {}, phone: { batteryLevel: 0.1 } } },
  relayed: { sample: goodSample({ isRelayed: true }) },
};

function kindsOf(engine: AlertEngine): AlertKind[] {
  return engine.alertsOf(STREAM).map(({ kind }) => kind);
}

/** Looks once a second at facts that depend on the second. */
function watch(
  engine: AlertEngine,
  seconds: number,
  factsAt: (second: number) => HealthFacts,
  from = 0,
): AlertKind[][] {
  return Array.from({ length: seconds }, (_, index) => {
    const second = from + index;
    engine.look(STREAM, factsAt(second), second * 1_000);
    return kindsOf(engine);
  });
}

describe('each kind of alert', () => {
  it.each(ALERT_KINDS)('%s is raised, stands while it is so, and clears', (kind) => {
    const engine = new AlertEngine(defaultAlertSettings);
    const seen = watch(engine, 60, (second) =>
      goodFacts(second >= 10 && second < 40 ? troubles[kind] : {}),
    );
    expect(seen.slice(0, 10).flat()).toEqual([]);
    expect(seen[20]).toEqual([kind]);
    expect(seen[39]).toEqual([kind]);
    expect(seen.at(-1)).toEqual([]);
    expect(engine.countsOf(STREAM).get(kind)).toBe(1);
  });
});

describe('frozen, black and silent', () => {
  /** What the sampler says when a thing stopped and returned at some part of a second. */
  const stopping = {
    frozen: (stoppedForMs: number): Partial<HealthFacts> => ({
      // The sampler tells whole intervals, which may be a little short.
      sample: goodSample({ pictureStoppedForMs: Math.floor(stoppedForMs / 1_000) * 996 }),
    }),
    black: (stoppedForMs: number): Partial<HealthFacts> =>
      // The picture is looked at once a second, up to a second before it is judged.
      stoppedForMs > 1_000 ? troubles.black : {},
    silent: (stoppedForMs: number): Partial<HealthFacts> => ({
      sound: { silentForMs: stoppedForMs, clippedRatio: 0 },
    }),
  };

  it.each(['frozen', 'black', 'silent'] as const)(
    '%s: raised and cleared within 4 s, whenever between two looks it begins',
    (kind) => {
      for (let offset = 0; offset < 1_000; offset += 50) {
        const engine = new AlertEngine(defaultAlertSettings);
        const [from, to] = [10_000 + offset, 30_000 + offset];
        let raisedAt = Infinity;
        let clearedAt = Infinity;
        engine.on('raised', ({ raisedAt: at }) => (raisedAt = at));
        watch(engine, 60, (second) => {
          const now = second * 1_000;
          // The black picture is still seen in the look up to a second after it went.
          const goneFor = kind === 'black' ? now - to - 1_000 : now - to;
          const stoppedFor = now > from && goneFor < 0 ? now - from : 0;
          return goodFacts(stoppedFor > 0 ? stopping[kind](stoppedFor) : {});
        }).forEach((kinds, second) => {
          if (second * 1_000 > to && kinds.length === 0) clearedAt = Math.min(clearedAt, second);
        });
        expect(raisedAt - from, `${kind} at ${offset}`).toBeLessThanOrEqual(4_000);
        expect(clearedAt * 1_000 - to, `${kind} at ${offset}`).toBeLessThanOrEqual(4_000);
      }
    },
  );
});

describe('no alert is raised', () => {
  it('in ten minutes of a noisy healthy stream', () => {
    const engine = new AlertEngine(defaultAlertSettings);
    // Deterministic noise (Park-Miller).
    let state = 42;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const seen = watch(engine, 600, () => {
      const isHiccup = random() < 0.05;
      return goodFacts({
        latencyMs: isHiccup ? 620 : 60 + random() * 200,
        luma: { mean: 20 + random() * 180, deviation: 5 + random() * 60 },
        // Speech pauses, and now and then a clap.
        sound: { silentForMs: random() * 2_000, clippedRatio: random() < 0.05 ? 0.25 : 0 },
        sample: goodSample({
          framesPerSecond: isHiccup ? 6 : 20 + random() * 11,
          packetsLostRatio: isHiccup ? 0.2 : random() * 0.03,
          pictureStoppedForMs: isHiccup ? 998 : 0,
        }),
      });
    });
    expect(seen.flat()).toEqual([]);
  });

  it('while this console asked for no picture', () => {
    const engine = new AlertEngine(defaultAlertSettings);
    const facts = goodFacts({ ...troubles.frozen, ...troubles.black, isPictureWanted: false });
    expect(watch(engine, 30, () => facts).flat()).toEqual([]);
  });

  it('for silence where the microphone is muted, or there is none', () => {
    for (const change of [{ microphoneMuted: true }, { hasAudio: false }]) {
      const engine = new AlertEngine(defaultAlertSettings);
      const capture = { ...goodFacts().capture, ...change };
      const seen = watch(engine, 30, () => goodFacts({ ...troubles.silent, capture }));
      expect(seen.flat()).toEqual([]);
    }
  });

  it('for few frames where no more were asked for', () => {
    const engine = new AlertEngine(defaultAlertSettings);
    const sample = goodSample({ framesPerSecond: 10 });
    const seen = watch(engine, 30, () => goodFacts({ sample, maxFramerate: 10 }));
    expect(seen.flat()).toEqual([]);
  });

  it('for a network that takes more than a plain picture needs', () => {
    const engine = new AlertEngine(defaultAlertSettings);
    const sending = { targetBitrateBps: 250_000, videoBitrateBps: 60_000 };
    const facts = goodFacts({ telemetry: { sending, phone: {} }, maxBitrateBps: 880_000 });
    expect(watch(engine, 30, () => facts).flat()).toEqual([]);
  });

  it('for a picture that is too detailed, while the network takes all it may send', () => {
    const engine = new AlertEngine(defaultAlertSettings);
    const sending = {
      qualityLimitationReason: 'bandwidth',
      targetBitrateBps: 740_000,
      videoBitrateBps: 740_000,
    } as const;
    const facts = goodFacts({ telemetry: { sending, phone: {} }, maxBitrateBps: 880_000 });
    expect(watch(engine, 30, () => facts).flat()).toEqual([]);
  });

  it('from what is unknown', () => {
    const engine = new AlertEngine(defaultAlertSettings);
    const nothing = goodFacts({
      sample: undefined,
      telemetry: undefined,
      latencyMs: undefined,
      luma: undefined,
      sound: undefined,
    });
    expect(watch(engine, 30, () => nothing).flat()).toEqual([]);
  });

  it('by a rule that is off', () => {
    const engine = new AlertEngine({ hasSound: false, rules: { black: { isOn: false } } });
    expect(watch(engine, 30, () => goodFacts(troubles.black)).flat()).toEqual([]);
  });
});

describe('an alert', () => {
  it('does not flicker around its limit', () => {
    const engine = new AlertEngine(defaultAlertSettings);
    let raised = 0;
    engine.on('raised', () => (raised += 1));
    watch(engine, 300, (second) => goodFacts({ latencyMs: second % 2 === 0 ? 510 : 490 }));
    expect(raised).toBe(0);
    watch(engine, 20, () => goodFacts({ latencyMs: 600 }), 300);
    watch(engine, 300, (second) => goodFacts({ latencyMs: second % 2 === 0 ? 510 : 390 }), 320);
    expect(raised).toBe(1);
  });

  it('goes by the operator’s limits', () => {
    const rules: AlertSettings['rules'] = { 'high-latency': { limit: 150, holdMs: 0 } };
    const engine = new AlertEngine({ hasSound: false, rules });
    engine.look(STREAM, goodFacts({ latencyMs: 160 }), 0);
    expect(kindsOf(engine)).toEqual(['high-latency']);
    engine.setSettings(defaultAlertSettings);
    watch(engine, 10, () => goodFacts({ latencyMs: 160 }), 1);
    expect(kindsOf(engine)).toEqual([]);
  });

  it('stays acknowledged until it clears, and is new when it comes again', () => {
    const engine = new AlertEngine(defaultAlertSettings);
    watch(engine, 5, () => goodFacts(troubles.black));
    const [first] = engine.alerts;
    engine.acknowledge(first!.alertId);
    watch(engine, 5, () => goodFacts(troubles.black), 5);
    expect(engine.alerts).toEqual([{ ...first, isAcknowledged: true, value: 2 }]);
    watch(engine, 5, () => goodFacts(), 10);
    watch(engine, 5, () => goodFacts(troubles.black), 15);
    expect(engine.alerts[0]).toMatchObject({ isAcknowledged: false, kind: 'black' });
    expect(engine.alerts[0]!.alertId).not.toBe(first!.alertId);
    expect(engine.countsOf(STREAM).get('black')).toBe(2);
  });

  it('goes with its stream', () => {
    const engine = new AlertEngine(defaultAlertSettings);
    const cleared: string[] = [];
    engine.on('cleared', ({ kind }) => cleared.push(kind));
    watch(engine, 5, () => goodFacts(troubles.black));
    engine.remove(STREAM);
    expect(cleared).toEqual(['black']);
    expect(engine.alerts).toEqual([]);
  });
});

const anyFacts = fc
  .subarray([...ALERT_KINDS], { maxLength: 4 })
  .map((kinds) => goodFacts(kinds.reduce((sum, kind) => ({ ...sum, ...troubles[kind] }), {})));

describe('whatever happens', () => {
  it('every alert clears within 10 s of good facts, under any settings', () => {
    const rule = fc.record(
      { isOn: fc.boolean(), limit: fc.double({ min: 0, max: 60_000, noNaN: true }) },
      { requiredKeys: [] },
    );
    const settings = fc.dictionary(fc.constantFrom(...ALERT_KINDS), rule);
    fc.assert(
      fc.property(fc.array(anyFacts, { maxLength: 30 }), settings, (looks, rules) => {
        const engine = new AlertEngine({ hasSound: false, rules });
        watch(engine, looks.length, (second) => looks[second]!);
        engine.setSettings(defaultAlertSettings);
        watch(engine, 11, () => goodFacts(), looks.length);
        expect(engine.alerts).toEqual([]);
      }),
    );
  });

  it('an alert changes no more often than its hold and release times allow', () => {
    fc.assert(
      fc.property(fc.array(anyFacts, { minLength: 5, maxLength: 120 }), (looks) => {
        const engine = new AlertEngine(defaultAlertSettings);
        const changes: number[] = [];
        let second = 0;
        engine.on('raised', ({ kind }) => {
          if (kind === 'high-loss') changes.push(second);
        });
        engine.on('cleared', ({ kind }) => {
          if (kind === 'high-loss') changes.push(second);
        });
        watch(engine, looks.length, (now) => {
          second = now;
          return looks[now]!;
        });
        for (const [index, at] of changes.entries()) {
          if (index > 0) expect(at - changes[index - 1]!).toBeGreaterThanOrEqual(3);
        }
      }),
    );
  });

  it('a clock that jumps neither raises nor clears what is not so', () => {
    const jumps = fc.array(fc.integer({ min: -1e10, max: 1e10 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(jumps, (times) => {
        const engine = new AlertEngine(defaultAlertSettings);
        for (const now of times) engine.look(STREAM, goodFacts(), now);
        expect(engine.alerts).toEqual([]);
        // One bad look after an hour of sleep is one bad look.
        engine.look(STREAM, goodFacts(troubles['high-loss']), (times.at(-1) ?? 0) + 3_600_000);
        expect(engine.alerts).toEqual([]);
      }),
    );
  });
});
