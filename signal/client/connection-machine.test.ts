import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOSE } from '../protocol/close-codes';
import {
  INITIAL_STATE,
  statusOf,
  transition,
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionState,
} from './connection-machine';

const states: Record<string, ConnectionState> = {
  idle: { name: 'idle' },
  'opening, first': { name: 'opening', attempt: 0, hasConnected: false },
  'opening, again': { name: 'opening', attempt: 3, hasConnected: true },
  greeting: { name: 'greeting', attempt: 3, hasConnected: true },
  connected: { name: 'connected', attempt: 3, hasConnected: true },
  waiting: { name: 'waiting', attempt: 3, hasConnected: true },
  failed: { name: 'failed', code: 4000, sentence: 'Why.' },
  closed: { name: 'closed' },
};

const events: Record<string, ConnectionEvent> = {
  start: { name: 'start' },
  'socket-opened': { name: 'socket-opened' },
  welcomed: { name: 'welcomed' },
  'closed by the network': { name: 'socket-closed', code: 1006 },
  'closed as full': { name: 'socket-closed', code: CLOSE.serverFull.code },
  'closed for good': { name: 'socket-closed', code: CLOSE.idInUse.code },
  'timed-out': { name: 'timed-out' },
  'retry-due': { name: 'retry-due' },
  refused: { name: 'refused' },
  stable: { name: 'stable' },
  wake: { name: 'wake' },
  stop: { name: 'stop' },
};

/** What each event does in each state; an event that is not listed must change nothing. */
const table: Record<string, Record<string, [next: string, ...effects: string[]]>> = {
  idle: { start: ['opening 0', 'open-socket'], stop: ['closed'] },
  'opening, first': {
    'socket-opened': ['greeting 0', 'send-hello'],
    'closed by the network': ['waiting 1', 'drop-socket', 'schedule-retry 0 soon'],
    'closed as full': ['waiting 1', 'drop-socket', 'schedule-retry 0 slowly'],
    'closed for good': ['failed 4002', 'drop-socket'],
    'timed-out': ['waiting 1', 'drop-socket', 'schedule-retry 0 soon'],
    refused: ['failed 1006'],
    stop: ['closed', 'drop-socket'],
  },
  'opening, again': {
    'socket-opened': ['greeting 3', 'send-hello'],
    'closed by the network': ['waiting 4', 'drop-socket', 'schedule-retry 3 soon'],
    'closed as full': ['waiting 4', 'drop-socket', 'schedule-retry 3 slowly'],
    'closed for good': ['failed 4002', 'drop-socket'],
    'timed-out': ['waiting 4', 'drop-socket', 'schedule-retry 3 soon'],
    refused: ['failed 1006'],
    wake: ['opening 0', 'drop-socket', 'open-socket'],
    stop: ['closed', 'drop-socket'],
  },
  greeting: {
    welcomed: ['connected 3'],
    'closed by the network': ['waiting 4', 'drop-socket', 'schedule-retry 3 soon'],
    'closed as full': ['waiting 4', 'drop-socket', 'schedule-retry 3 slowly'],
    'closed for good': ['failed 4002', 'drop-socket'],
    'timed-out': ['waiting 4', 'drop-socket', 'schedule-retry 3 soon'],
    stop: ['closed', 'drop-socket'],
  },
  connected: {
    'closed by the network': ['waiting 4', 'drop-socket', 'schedule-retry 3 soon'],
    'closed as full': ['waiting 4', 'drop-socket', 'schedule-retry 3 slowly'],
    'closed for good': ['failed 4002', 'drop-socket'],
    'timed-out': ['waiting 4', 'drop-socket', 'schedule-retry 3 soon'],
    stable: ['connected 0'],
    wake: ['connected 3', 'probe'],
    stop: ['closed', 'say-bye', 'drop-socket'],
  },
  waiting: {
    'retry-due': ['opening 3', 'open-socket'],
    wake: ['opening 0', 'cancel-retry', 'open-socket'],
    stop: ['closed', 'cancel-retry'],
  },
  failed: { start: ['opening 0', 'open-socket'], stop: ['closed'] },
  closed: {},
};

function written(state: ConnectionState): string {
  if (state.name === 'failed') return `failed ${String(state.code)}`;
  return 'attempt' in state ? `${state.name} ${String(state.attempt)}` : state.name;
}

function writtenEffect(effect: ConnectionEffect): string {
  if (effect.name !== 'schedule-retry') return effect.name;
  return `${effect.name} ${String(effect.attempt)} ${effect.policy}`;
}

describe('transition', () => {
  for (const [stateName, state] of Object.entries(states)) {
    for (const [eventName, event] of Object.entries(events)) {
      const expected = table[stateName]?.[eventName] ?? [written(state)];
      it(`${stateName}, ${eventName}: ${expected.join(', ')}`, () => {
        const [next, effects] = transition(state, event);
        expect([written(next), ...effects.map(writtenEffect)]).toEqual(expected);
      });
    }
  }

  it('tells a first connection from a return', () => {
    const first = transition(INITIAL_STATE, { name: 'start' })[0];
    expect(statusOf(first)).toBe('connecting');
    const lost = transition(states['connected']!, { name: 'timed-out' })[0];
    expect(statusOf(lost)).toBe('reconnecting');
    expect(statusOf(transition(lost, { name: 'retry-due' })[0])).toBe('reconnecting');
  });

  it('forgets its past when it starts again after a failure', () => {
    const again = transition(states['failed']!, { name: 'start' })[0];
    expect(again).toMatchObject({ name: 'opening', attempt: 0, hasConnected: false });
  });

  for (const [name, { code, retry }] of Object.entries(CLOSE)) {
    it(`obeys the close code of ${name}`, () => {
      const [next, effects] = transition(states['connected']!, { name: 'socket-closed', code });
      expect(next.name).toBe(retry === 'never' ? 'failed' : 'waiting');
      const policies = effects.flatMap((e) => (e.name === 'schedule-retry' ? [e.policy] : []));
      expect(policies).toEqual(retry === 'never' ? [] : [retry]);
    });
  }
});

/** What the effects so far amount to, as the client carries them out. */
class World {
  state: ConnectionState = INITIAL_STATE;
  sockets = 0;
  retries = 0;
  losses = 0;

  apply(event: ConnectionEvent): readonly ConnectionEffect[] {
    const [state, effects] = transition(this.state, event);
    if (event.name === 'retry-due') this.retries = 0;
    this.state = state;
    for (const effect of effects) {
      if (effect.name === 'open-socket') this.sockets += 1;
      if (effect.name === 'drop-socket') this.sockets = 0;
      if (effect.name === 'schedule-retry') this.retries += 1;
      if (effect.name === 'cancel-retry') this.retries = 0;
      if (effect.name === 'schedule-retry') this.losses += 1;
    }
    return effects;
  }

  /** Events that can happen now: a socket speaks only while there is one, a timer only while set. */
  canHappen(event: ConnectionEvent): boolean {
    if (event.name === 'retry-due') return this.retries > 0;
    if (event.name === 'refused') return this.state.name === 'opening';
    const isOfSocket = ['socket-opened', 'welcomed', 'socket-closed', 'timed-out', 'stable'];
    return !isOfSocket.includes(event.name) || this.sockets > 0;
  }
}

const anyEvent = fc.oneof(
  fc.constantFrom(...Object.values(events)),
  fc.record({
    name: fc.constant('socket-closed' as const),
    code: fc.integer({ min: 1000, max: 4999 }),
  }),
);

describe('any sequence of events', () => {
  it('never holds two sockets or two retries, and none that the state does not call for', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (sequence) => {
        const world = new World();
        for (const event of sequence) {
          if (!world.canHappen(event)) continue;
          world.apply(event);
          // A refused socket never existed.
          if (event.name === 'refused') world.sockets = 0;
          const { name } = world.state;
          const isLive = name === 'opening' || name === 'greeting' || name === 'connected';
          expect(world.sockets).toBe(isLive ? 1 : 0);
          expect(world.retries).toBe(name === 'waiting' ? 1 : 0);
        }
      }),
    );
  });

  it('counts no more attempts than there were losses', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (sequence) => {
        const world = new World();
        for (const event of sequence) {
          if (world.canHappen(event)) world.apply(event);
          const attempt = 'attempt' in world.state ? world.state.attempt : 0;
          expect(attempt).toBeGreaterThanOrEqual(0);
          expect(attempt).toBeLessThanOrEqual(world.losses);
        }
      }),
    );
  });

  it('does nothing once stopped', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), fc.array(anyEvent), (before, after) => {
        const world = new World();
        for (const event of before) if (world.canHappen(event)) world.apply(event);
        world.apply({ name: 'stop' });
        for (const event of after) {
          expect(world.apply(event)).toEqual([]);
          expect(world.state.name).toBe('closed');
        }
      }),
    );
  });

  it('does nothing after a fatal close until it is started', () => {
    const passive = anyEvent.filter(({ name }) => name !== 'start' && name !== 'stop');
    fc.assert(
      fc.property(fc.array(passive), (sequence) => {
        let state = transition(states['connected']!, events['closed for good']!)[0];
        for (const event of sequence) {
          const [next, effects] = transition(state, event);
          expect(effects).toEqual([]);
          state = next;
        }
        expect(state.name).toBe('failed');
      }),
    );
  });
});
