import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  captureStateOf,
  interruptionStep,
  type InterruptionEffect,
  type InterruptionEvent,
  type InterruptionState,
} from './interruptions';

const start: InterruptionState = { isHidden: false, picture: 'flowing' };

function run(...events: InterruptionEvent[]): {
  capture: string;
  effects: InterruptionEffect[];
  state: InterruptionState;
} {
  let state = start;
  const effects: InterruptionEffect[] = [];
  for (const event of events) {
    const [next, more] = interruptionStep(state, event);
    state = next;
    effects.push(...more);
  }
  return { state, effects, capture: captureStateOf(state) };
}

describe('interruptionStep', () => {
  it('ignores a mute that does not last, as iOS sends when a camera starts', () => {
    expect(run('track-muted').capture).toBe('active');
    expect(run('track-muted', 'track-unmuted')).toMatchObject({
      capture: 'active',
      effects: ['start-timer', 'cancel-timer'],
    });
  });

  it('reports a mute that lasts, and its end', () => {
    expect(run('track-muted', 'settled').capture).toBe('interrupted');
    expect(run('track-muted', 'settled', 'track-unmuted').capture).toBe('active');
  });

  it('leaves a muted camera alone while the page is in front: a call gives it back itself', () => {
    expect(run('track-muted', 'settled').effects).not.toContain('reopen');
  });

  it('reports a hidden page at once, whatever its picture does', () => {
    expect(run('page-hidden').capture).toBe('hidden');
    expect(run('track-muted', 'settled', 'page-hidden').capture).toBe('hidden');
  });

  it('gives a muted camera a moment on return before it fetches another', () => {
    const away: InterruptionEvent[] = ['page-hidden', 'track-muted', 'settled', 'page-shown'];
    expect(run(...away).effects).not.toContain('reopen');
    expect(run(...away, 'track-unmuted')).toMatchObject({ capture: 'active' });
    expect(run(...away, 'settled').effects).toContain('reopen');
  });

  it('fetches an ended camera at once in front, and on return from behind', () => {
    expect(run('track-ended').effects).toContain('reopen');
    expect(run('page-hidden', 'track-ended').effects).not.toContain('reopen');
    expect(run('page-hidden', 'track-ended', 'page-shown').effects).toContain('reopen');
  });

  it('says that the camera is gone when it cannot be had again, until a person retries', () => {
    const lost: InterruptionEvent[] = ['track-ended', 'reopen-failed'];
    expect(run(...lost).capture).toBe('ended');
    expect(run(...lost, 'retry')).toMatchObject({
      capture: 'interrupted',
      effects: ['cancel-timer', 'reopen', 'cancel-timer', 'cancel-timer', 'reopen'],
    });
    expect(run(...lost, 'retry', 'reopened').capture).toBe('active');
  });

  it('does not give up in the background, where phones refuse cameras', () => {
    const { capture, effects } = run('track-ended', 'page-hidden', 'reopen-failed', 'page-shown');
    expect(capture).toBe('interrupted');
    expect(effects.filter((effect) => effect === 'reopen')).toHaveLength(2);
  });

  it('never fetches twice at a time, never runs a timer while fetching, whatever happens', () => {
    const events = fc.constantFrom<InterruptionEvent>(
      'page-hidden',
      'page-shown',
      'track-muted',
      'track-unmuted',
      'track-ended',
      'settled',
      'reopened',
      'reopen-failed',
      'retry',
    );
    fc.assert(
      fc.property(fc.array(events, { maxLength: 40 }), (sequence) => {
        let state = start;
        let isReopening = false;
        for (const event of sequence) {
          // The outcome of a fetch arrives only while one is under way.
          if (!isReopening && (event === 'reopened' || event === 'reopen-failed')) continue;
          const [next, effects] = interruptionStep(state, event);
          if (event === 'reopened' || event === 'reopen-failed') isReopening = false;
          if (effects.includes('reopen')) {
            expect(isReopening).toBe(false);
            isReopening = true;
          }
          expect(next.picture === 'reopening').toBe(isReopening);
          state = next;
        }
      }),
    );
  });
});
