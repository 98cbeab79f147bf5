/**
 * WebSocket close codes of the protocol (RFC 6455 section 7.4.2: 4000 to 4999 are the
 * application's own), and what a client does after each.
 */
import { SUBPROTOCOL } from './limits';

/** How a client treats a close: come back as usual, come back slowly, or stop and say why. */
export type RetryPolicy = 'soon' | 'slowly' | 'never';

interface CloseReason {
  readonly code: number;
  readonly retry: RetryPolicy;
  /** What a person is told; ends with what to do where there is something to do. */
  readonly sentence: string;
}

/** Every close the server may send, by stable name. */
export const CLOSE = {
  draining: {
    code: 1012,
    retry: 'soon',
    sentence: 'The server is restarting. This page reconnects by itself.',
  },
  frameTooLarge: {
    code: 1009,
    retry: 'never',
    sentence: 'A message was larger than the server accepts. Reload this page.',
  },
  binaryRefused: {
    code: 1003,
    retry: 'never',
    sentence: `The server reads ${SUBPROTOCOL} text messages only. Reload this page.`,
  },
  protocolViolation: {
    code: 4000,
    retry: 'never',
    sentence: 'This page and the server do not understand each other. Reload this page.',
  },
  helloTimeout: {
    code: 4001,
    retry: 'soon',
    sentence: 'The server waited too long for this page to introduce itself.',
  },
  idInUse: {
    code: 4002,
    retry: 'never',
    sentence: 'Another page is using this identity. Close it, or open this one afresh.',
  },
  superseded: {
    code: 4003,
    retry: 'never',
    sentence: 'This was continued in another tab. Close that one to use this one.',
  },
  unsupportedVersion: {
    code: 4004,
    retry: 'never',
    sentence: 'This page and the server are of different versions. Reload this page.',
  },
  serverFull: {
    code: 4005,
    retry: 'slowly',
    sentence: 'The server is full. It will be tried again; somebody may have to leave first.',
  },
  slowReader: {
    code: 4006,
    retry: 'soon',
    sentence: 'This device read too slowly and was disconnected. It reconnects by itself.',
  },
  tooManyMessages: {
    code: 4007,
    retry: 'slowly',
    sentence: 'This device sent too many messages and was disconnected for a moment.',
  },
  deadSocket: {
    code: 4008,
    retry: 'soon',
    sentence: 'The connection had gone silent and was closed.',
  },
  helloRequired: {
    code: 4009,
    retry: 'never',
    sentence: 'This page spoke before introducing itself. Reload this page.',
  },
  keyRequired: {
    code: 4010,
    retry: 'never',
    sentence: 'This room needs a link with a key. Scan the code at the control room.',
  },
  keyRefused: {
    code: 4011,
    retry: 'never',
    sentence: 'This link is not valid any more. Scan the code at the control room again.',
  },
  blocked: {
    code: 4012,
    retry: 'never',
    sentence: 'The control room keeps this device out. Ask there if that is a mistake.',
  },
  removed: {
    code: 4013,
    retry: 'never',
    sentence: 'The control room has disconnected this device.',
  },
  roomLocked: {
    code: 4014,
    retry: 'slowly',
    sentence: 'The room is locked. It will be tried again; somebody has to open it first.',
  },
  tooManyConnections: {
    code: 4015,
    retry: 'slowly',
    sentence: 'Too many connections come from this network. It will be tried again.',
  },
} as const satisfies Record<string, CloseReason>;

/** Stable name of a close. */
export type CloseName = keyof typeof CLOSE;

/** Finds the protocol's own meaning of a close code; undefined for codes it did not define. */
export function closeReasonOf(code: number): CloseReason | undefined {
  return Object.values<CloseReason>(CLOSE).find((reason) => reason.code === code);
}

/** What a client does after a close with this code. Unknown codes are ordinary network trouble. */
export function retryPolicyOf(code: number): RetryPolicy {
  return closeReasonOf(code)?.retry ?? 'soon';
}
