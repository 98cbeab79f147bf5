/**
 * WebSocket close codes of the protocol (RFC 6455 section 7.4.2: 4000 to 4999 are the
 * application's own), and what a client does after each. What a person is told of it is in
 * `close-sentences.ts`, for pages that show those words.
 */
/** How a client treats a close: come back as usual, come back slowly, or stop and say why. */
export type RetryPolicy = 'soon' | 'slowly' | 'never';

interface CloseReason {
  readonly code: number;
  readonly retry: RetryPolicy;
}

/** Every close the server may send, by stable name. */
export const CLOSE = {
  draining: {
    code: 1012,
    retry: 'soon',
  },
  frameTooLarge: {
    code: 1009,
    retry: 'never',
  },
  binaryRefused: {
    code: 1003,
    retry: 'never',
  },
  protocolViolation: {
    code: 4000,
    retry: 'never',
  },
  helloTimeout: {
    code: 4001,
    retry: 'soon',
  },
  idInUse: {
    code: 4002,
    retry: 'never',
  },
  superseded: {
    code: 4003,
    retry: 'never',
  },
  unsupportedVersion: {
    code: 4004,
    retry: 'never',
  },
  serverFull: {
    code: 4005,
    retry: 'slowly',
  },
  slowReader: {
    code: 4006,
    retry: 'soon',
  },
  tooManyMessages: {
    code: 4007,
    retry: 'slowly',
  },
  deadSocket: {
    code: 4008,
    retry: 'soon',
  },
  helloRequired: {
    code: 4009,
    retry: 'never',
  },
  keyRequired: {
    code: 4010,
    retry: 'never',
  },
  keyRefused: {
    code: 4011,
    retry: 'never',
  },
  blocked: {
    code: 4012,
    retry: 'never',
  },
  removed: {
    code: 4013,
    retry: 'never',
  },
  roomLocked: {
    code: 4014,
    retry: 'slowly',
  },
  tooManyConnections: {
    code: 4015,
    retry: 'slowly',
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
