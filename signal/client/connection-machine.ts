/**
 * When to open, greet, retry, doubt and give up a signalling socket: a pure function of state and
 * event. Effects are data; `SignalingClient` carries them out.
 *
 *   idle ─start→ opening ─opened→ greeting ─welcomed→ connected
 *                   ↑                │closed              │closed, silent
 *                   └──retry-due── waiting ←──────────────┘
 *   any ─closed with a fatal code→ failed        any ─stop→ closed
 */
import { closeReasonOf, type RetryPolicy } from '../protocol/close-codes';

/** Why the server closed a socket. */
export interface SignalingFailure {
  /** WebSocket close code. */
  readonly code: number;
  /** What a person is told: in the server's words where it sent some. */
  readonly sentence: string;
}

/** What is remembered from one try to the next. */
interface Tries {
  /** Tries since the connection was last stable. */
  readonly attempt: number;
  readonly hasConnected: boolean;
  /** Why the server asked for patience, such as a locked room; until it welcomes us. */
  readonly setback?: SignalingFailure | undefined;
}

/** Where the connection stands. */
export type ConnectionState =
  | { readonly name: 'idle' }
  | ({ readonly name: 'opening' } & Tries)
  | ({ readonly name: 'greeting' } & Tries)
  | { readonly name: 'connected'; readonly attempt: number; readonly hasConnected: true }
  | ({ readonly name: 'waiting' } & Tries)
  | ({ readonly name: 'failed' } & SignalingFailure)
  | { readonly name: 'closed' };

/** What happened. */
export type ConnectionEvent =
  | { readonly name: 'start' }
  | { readonly name: 'socket-opened' }
  | { readonly name: 'welcomed' }
  /** `sentence`: what a person is told of it. */
  | {
      readonly name: 'socket-closed';
      readonly code: number;
      readonly sentence?: string | undefined;
    }
  /** Nothing came for too long, or the socket never opened, or no welcome came. */
  | { readonly name: 'timed-out' }
  | { readonly name: 'retry-due' }
  /** The browser will not open a socket to this address at all. */
  | { readonly name: 'refused' }
  /** The connection has held long enough to trust it again. */
  | { readonly name: 'stable' }
  /** The network or the page came back: try, or check, now. */
  | { readonly name: 'wake' }
  | { readonly name: 'stop' };

/** What to do about it. */
export type ConnectionEffect =
  | { readonly name: 'open-socket' }
  | { readonly name: 'send-hello' }
  /** Forget the present socket; closing it must raise no further event. */
  | { readonly name: 'drop-socket' }
  | { readonly name: 'say-bye' }
  | { readonly name: 'schedule-retry'; readonly attempt: number; readonly policy: RetryPolicy }
  | { readonly name: 'cancel-retry' }
  /** Ping now and expect the answer soon. */
  | { readonly name: 'probe' };

type Step = readonly [ConnectionState, readonly ConnectionEffect[]];

/** RFC 6455's code for a connection that was never closed properly: no socket ever opened. */
const NEVER_OPENED = 1006;

/** Said where there are no better words. */
const NO_REASON = 'The server closed the connection.';

/** The state before anything was asked for. */
export const INITIAL_STATE: ConnectionState = { name: 'idle' };

/** One step; an event that means nothing in a state leaves it as it is. */
export function transition(state: ConnectionState, event: ConnectionEvent): Step {
  if (state.name === 'closed') return [state, []];
  if (event.name === 'stop') return stop(state);
  switch (state.name) {
    case 'idle':
    case 'failed':
      return event.name === 'start' ? open({ attempt: 0, hasConnected: false }) : [state, []];
    case 'opening':
      if (event.name === 'socket-opened') {
        return [{ ...state, name: 'greeting' }, [{ name: 'send-hello' }]];
      }
      if (event.name === 'refused') {
        const sentence =
          'This browser may not connect to this server. Check the address; a page opened by https needs a server with https.';
        return [{ name: 'failed', code: NEVER_OPENED, sentence }, []];
      }
      // A try begun on the old network would only wait for its time-out.
      if (event.name === 'wake' && state.attempt > 0) {
        return open({ ...state, attempt: 0 }, [{ name: 'drop-socket' }]);
      }
      return lost(state, event);
    case 'greeting':
      if (event.name === 'welcomed') {
        return [{ name: 'connected', attempt: state.attempt, hasConnected: true }, []];
      }
      return lost(state, event);
    case 'connected':
      if (event.name === 'stable') return [{ ...state, attempt: 0 }, []];
      if (event.name === 'wake') return [state, [{ name: 'probe' }]];
      return lost(state, event);
    case 'waiting':
      if (event.name === 'retry-due') return open(state);
      if (event.name === 'wake') return open({ ...state, attempt: 0 }, [{ name: 'cancel-retry' }]);
      return [state, []];
  }
}

function open(tries: Tries, before: readonly ConnectionEffect[] = []): Step {
  const { attempt, hasConnected, setback } = tries;
  return [
    { name: 'opening', attempt, hasConnected, setback },
    [...before, { name: 'open-socket' }],
  ];
}

type LiveState = Extract<ConnectionState, { name: 'opening' | 'greeting' | 'connected' }>;

function lost(state: LiveState, event: ConnectionEvent): Step {
  if (event.name !== 'socket-closed' && event.name !== 'timed-out') return [state, []];
  const reason = event.name === 'socket-closed' ? closeReasonOf(event.code) : undefined;
  const failure =
    event.name === 'socket-closed' && reason !== undefined
      ? { code: event.code, sentence: event.sentence ?? NO_REASON }
      : undefined;
  if (reason?.retry === 'never' && failure !== undefined) {
    return [{ name: 'failed', ...failure }, [{ name: 'drop-socket' }]];
  }
  const { attempt, hasConnected } = state;
  const policy = reason?.retry ?? 'soon';
  const setback = policy === 'slowly' ? failure : undefined;
  return [
    { name: 'waiting', attempt: attempt + 1, hasConnected, setback },
    [{ name: 'drop-socket' }, { name: 'schedule-retry', attempt, policy }],
  ];
}

function stop(state: ConnectionState): Step {
  const closed = { name: 'closed' } as const;
  switch (state.name) {
    case 'connected':
      return [closed, [{ name: 'say-bye' }, { name: 'drop-socket' }]];
    case 'opening':
    case 'greeting':
      return [closed, [{ name: 'drop-socket' }]];
    case 'waiting':
      return [closed, [{ name: 'cancel-retry' }]];
    case 'idle':
    case 'failed':
    case 'closed':
      return [closed, []];
  }
}

/** The few values that people and pages see. */
export type SignalingStatus =
  'idle' | 'connecting' | 'connected' | 'reconnecting' | 'failed' | 'closed';

/** Maps the machine's state to its public status. */
export function statusOf(state: ConnectionState): SignalingStatus {
  switch (state.name) {
    case 'opening':
    case 'greeting':
    case 'waiting':
      return state.hasConnected ? 'reconnecting' : 'connecting';
    case 'idle':
    case 'connected':
    case 'failed':
    case 'closed':
      return state.name;
  }
}
