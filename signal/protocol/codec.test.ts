import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeClientMessage, decodeServerMessage, encode } from './codec';
import { MAX_CANDIDATE_LENGTH, MAX_FRAME_BYTES, MAX_SDP_LENGTH } from './limits';
import {
  clientMessageSchema,
  errorIdSchema,
  serverMessageSchema,
  type ClientMessage,
  type ServerMessage,
} from './messages';

const ID = '0b5c7e1a-52cf-4f0a-9a43-0d6f0ce3a111';
const OTHER_ID = '3f0e5b64-9f27-4d8e-8f6e-53f1cf4d2222';
const CAPTURE = { state: 'active', hasAudio: true, microphoneMuted: false };
const STREAM = {
  streamId: ID,
  label: 'Door',
  device: { kind: 'phone', platform: 'Android 14', browser: 'Chrome' },
  capture: { ...CAPTURE, facing: 'user' },
  connection: 'connected',
  viewerCount: 2,
  startedAt: 1_700_000_000_000,
};
const SESSION = { sessionId: OTHER_ID, streamId: ID };
const SIGNAL = { type: 'signal', sessionId: ID, connectionId: OTHER_ID };
const DESCRIPTION = { type: 'offer', sdp: 'v=0\r\n', negotiation: 0 };
const CANDIDATE = {
  candidate: 'candidate:1',
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: 'a',
};
const SECRET = 'Zm9vYmFyYmF6cXV4MTIzNA';
const PICTURE = '/9j/4AAQSkZJRg==';
const commands = [
  { kind: 'rename', streamId: ID, label: 'Door' },
  { kind: 'mute', streamId: ID },
  { kind: 'stop', streamId: ID },
  { kind: 'remove', target: { streamId: ID } },
  { kind: 'block', target: { clientId: ID } },
  { kind: 'unblock', deviceId: ID },
  { kind: 'admit', clientId: ID },
  { kind: 'refuse', clientId: ID },
  { kind: 'set-room', hasLobby: true, isLocked: false },
  { kind: 'rotate-key', role: 'viewer', evict: true },
  { kind: 'invite', role: 'phone', name: 'Guests', validForMs: 60_000, maxUses: 3 },
  { kind: 'revoke', invitationId: ID, evict: false },
];
const signals = [
  { ...SIGNAL, payload: { kind: 'description', description: DESCRIPTION } },
  { ...SIGNAL, payload: { kind: 'candidate', candidate: CANDIDATE } },
  { ...SIGNAL, payload: { kind: 'end-of-candidates' } },
  { ...SIGNAL, payload: { kind: 'restart', scope: 'connection' } },
];

/** A full message of every type a client sends. */
const CLIENT_SAMPLES = [
  {
    type: 'hello',
    protocolVersion: 1,
    resumeToken: 'x'.repeat(32),
    key: SECRET,
    deviceKey: SECRET,
    device: STREAM.device,
  },
  {
    type: 'publish',
    streamId: ID,
    label: 'Door',
    device: STREAM.device,
    capture: STREAM.capture,
    liveForMs: 5,
  },
  { type: 'update-stream', streamId: ID, label: 'Door', device: STREAM.device, capture: CAPTURE },
  { type: 'unpublish', streamId: ID },
  { type: 'subscribe', streamId: ID, sessionId: OTHER_ID },
  { type: 'unsubscribe', sessionId: ID },
  ...signals,
  { type: 'ping', sentAt: 12.5 },
  { type: 'bye' },
  { type: 'lobby-picture', picture: PICTURE },
  ...commands.map((command) => ({ type: 'moderate', requestId: OTHER_ID, command })),
];

const JOIN_ADDRESS = {
  url: 'http://10.0.0.2:8443/stream',
  network: 'lan',
  cameraAllowed: false,
};

/** The same for the server. */
const SERVER_SAMPLES = [
  {
    type: 'welcome',
    protocolVersion: 1,
    serverName: 'Studio',
    clientId: ID,
    role: 'operator',
    resumed: true,
    resumeToken: 'x'.repeat(32),
    resumeWindowMs: 30_000,
    iceServers: [{ urls: ['turn:turn.example'], username: 'u', credential: 'p' }],
    limits: { maxFrameBytes: 65_536, maxStreams: 100 },
    joinAddresses: [JOIN_ADDRESS],
    streams: [STREAM],
    sessions: [{ ...SESSION, role: 'subscriber', peerRole: 'phone' }],
  },
  { type: 'stream-added', stream: STREAM },
  { type: 'stream-updated', stream: STREAM },
  { type: 'stream-removed', streamId: ID, reason: 'lost' },
  { type: 'session-opened', session: { ...SESSION, role: 'publisher', peerRole: 'viewer' } },
  { type: 'session-closed', sessionId: OTHER_ID, reason: 'viewer-left' },
  ...signals,
  { type: 'pong', sentAt: 12.5 },
  {
    type: 'error',
    id: 'unknown-stream',
    message: 'No.',
    answers: 'subscribe',
    streamId: ID,
    sessionId: OTHER_ID,
    requestId: OTHER_ID,
  },
  {
    type: 'ice-servers',
    iceServers: [{ urls: ['turn:turn.example'], username: 'u', credential: 'p' }],
  },
  {
    type: 'join-addresses',
    joinAddresses: [{ ...JOIN_ADDRESS, trustUrl: 'http://10.0.0.2:8080/trust' }],
  },
  { type: 'draining' },
  { type: 'admission', state: 'waiting' },
  { type: 'moderated', action: { kind: 'renamed', label: 'Stage' } },
  { type: 'moderated', action: { kind: 'muted' } },
  { type: 'key-renewed', key: SECRET },
  {
    type: 'room',
    access: 'keys',
    hasLobby: true,
    isLocked: false,
    keys: { operator: SECRET, viewer: SECRET, phone: SECRET },
    invitations: [
      { invitationId: ID, name: 'Guests', role: 'viewer', expiresAt: 7, maxUses: 3, uses: 1 },
    ],
    blocked: [{ deviceId: ID, label: 'Door', blockedAt: 5 }],
  },
  {
    type: 'people',
    waiting: [
      { clientId: ID, label: 'Door', device: STREAM.device, address: '10.0.0.7', waitingSince: 5 },
    ],
    waitingCount: 1,
    watchers: [
      {
        clientId: OTHER_ID,
        role: 'viewer',
        invitation: 'Guests',
        device: { kind: 'computer' },
        address: '10.0.0.8',
        since: 5,
        watching: 2,
      },
    ],
    watcherCount: 1,
  },
  { type: 'waiting-picture', clientId: ID, picture: PICTURE },
  { type: 'done', requestId: ID, key: SECRET, warning: 'Not saved.' },
];

type Json = Record<string, unknown>;

/** Dotted paths of every field of a message, its type apart. */
function pathsOf(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return path === 'type' ? [] : [path, ...pathsOf(inner, path)];
  });
}

/** A copy with one field replaced, or taken out where the value is undefined. */
function withField(message: Json, path: string, value: unknown): string {
  const copy = structuredClone(message);
  const keys = path.split('.');
  const last = keys.pop()!;
  const holder = keys.reduce<Json>((inner, key) => inner[key] as Json, copy);
  holder[last] = value;
  return JSON.stringify(copy);
}

function errorOf(result: ReturnType<typeof decodeClientMessage | typeof decodeServerMessage>) {
  if (result.ok) throw new Error(`Accepted: ${JSON.stringify(result.value)}`);
  return result.error;
}

/** Fields that may be missing; by the message's type where the name alone does not tell. */
const OPTIONAL = [
  /(?:^|\.)(?:platform|browser|facing|connectionId|usernameFragment|liveForMs)$/u,
  /^hello:(?:resumeToken|key|deviceKey|device)$/u,
  /^moderate:command\.(?:hasLobby|isLocked|validForMs|maxUses)$/u,
  /^update-stream:(?:label|device|capture)$/u,
  /^subscribe:sessionId$/u,
  /^error:(?:answers|streamId|sessionId|requestId)$/u,
  /^room:(?:keys|invitations\.0\.(?:expiresAt|maxUses))$/u,
  /^people:watchers\.0\.(?:invitation|device)$/u,
  /^done:(?:key|warning)$/u,
  /^(?:welcome|ice-servers):iceServers\.0\.(?:username|credential)$/u,
  /^join-addresses:joinAddresses\.0\.trustUrl$/u,
];

const cases = [
  ...CLIENT_SAMPLES.map((message) => [message.type, message, decodeClientMessage] as const),
  ...SERVER_SAMPLES.map((message) => [message.type, message, decodeServerMessage] as const),
];

describe('every message', () => {
  test.each(cases)('%s is accepted as it is', (_type, message, decode) => {
    expect(decode(JSON.stringify(message))).toEqual({ ok: true, value: message });
  });

  test.each(cases)('%s is refused by any field of another kind', (type, message, decode) => {
    for (const path of pathsOf(message)) {
      const error = errorOf(decode(withField(message, path, { secret: 'hunter2' })));
      expect([path, error.id, error.type]).toEqual([path, 'invalid-message', type]);
      expect(error.message.length).toBeLessThanOrEqual(300);
      expect(error.message).not.toContain('hunter2');
    }
  });

  test.each(cases)('%s is refused without any field it needs', (type, message, decode) => {
    for (const path of pathsOf(message)) {
      // A list with a hole is another matter than a missing field.
      if (/\.\d+$/u.test(path)) continue;
      const isOptional = OPTIONAL.some(
        (pattern) => pattern.test(path) || pattern.test(`${type}:${path}`),
      );
      const result = decode(withField(message, path, undefined));
      expect([path, result.ok]).toEqual([path, isOptional]);
    }
  });

  test('has a sample here', () => {
    const typesOf = (samples: readonly { type: string }[]) => new Set(samples.map((m) => m.type));
    expect(typesOf(CLIENT_SAMPLES)).toEqual(
      new Set(clientMessageSchema.options.map((option) => option.entries.type.literal)),
    );
    expect(typesOf(SERVER_SAMPLES)).toEqual(
      new Set(serverMessageSchema.options.map((option) => option.entries.type.literal)),
    );
  });
});

describe('fields are bounded', () => {
  const [hello, publish, , , subscribe] = CLIENT_SAMPLES;
  const [, candidate] = signals;
  test.each([
    [hello, 'resumeToken', 'short'],
    [hello, 'resumeToken', 'x'.repeat(129)],
    [hello, 'protocolVersion', 1.5],
    [publish, 'label', ''],
    [publish, 'label', '   '],
    [publish, 'label', 'x'.repeat(61)],
    [publish, 'label', 'two\nlines'],
    [publish, 'device.kind', 'toaster'],
    [publish, 'device.platform', 'x'.repeat(81)],
    [publish, 'capture.state', 'asleep'],
    [publish, 'capture.facing', 'left'],
    [publish, 'liveForMs', -1],
    [publish, 'liveForMs', null],
    [subscribe, 'streamId', 'not-a-uuid'],
    [subscribe, 'sessionId', `${ID}0`],
    [signals[0], 'payload.description.type', 'rollback'],
    [signals[0], 'payload.description.sdp', 'v'.repeat(MAX_SDP_LENGTH + 1)],
    [signals[0], 'payload.description.negotiation', -1],
    [signals[0], 'payload.kind', 'dance'],
    [candidate, 'payload.candidate.candidate', 'c'.repeat(MAX_CANDIDATE_LENGTH + 1)],
    [candidate, 'payload.candidate.sdpMLineIndex', 65],
    [candidate, 'payload.candidate.sdpMid', 'm'.repeat(33)],
    [signals[3], 'payload.scope', 'world'],
  ] as [Json, string, unknown][])('%#', (message, path, value) => {
    expect(errorOf(decodeClientMessage(withField(message, path, value)))).toMatchObject({
      id: 'invalid-message',
    });
  });

  test('ids are read in lower case, labels without space around, ages as 0 when absent', () => {
    const text = JSON.stringify({ ...publish, streamId: ID.toUpperCase(), label: '  Door ' });
    expect(decodeClientMessage(text)).toMatchObject({ value: { streamId: ID, label: 'Door' } });
    const young = withField(publish as Json, 'liveForMs', undefined);
    expect(decodeClientMessage(young)).toMatchObject({ value: { liveForMs: 0 } });
  });

  test('a candidate may lack what browsers leave out', () => {
    const bare = { candidate: '', sdpMid: null, sdpMLineIndex: null, usernameFragment: null };
    const message = { ...SIGNAL, payload: { kind: 'candidate', candidate: bare } };
    expect(decodeClientMessage(JSON.stringify(message))).toMatchObject({ ok: true });
  });
});

describe('what is no message', () => {
  test.each([
    ['', 'invalid-json'],
    ['{', 'invalid-json'],
    ['null', 'unknown-type'],
    ['[]', 'unknown-type'],
    ['"hello"', 'unknown-type'],
    ['{"type":1}', 'unknown-type'],
    ['{"type":"welcome"}', 'unknown-type'],
    ['{"type":"__proto__"}', 'unknown-type'],
  ])('%s', (text, id) => {
    expect(errorOf(decodeClientMessage(text)).id).toBe(id);
  });

  test('the two directions are apart', () => {
    expect(errorOf(decodeServerMessage('{"type":"bye"}'))).toMatchObject({ id: 'unknown-type' });
    expect(errorOf(decodeClientMessage('{"type":"draining"}'))).toMatchObject({ type: 'draining' });
  });

  test('is described without its content, in few words', () => {
    const token = 'SecretSecretSecret';
    const error = errorOf(
      decodeClientMessage(`{"type":"hello","protocolVersion":"${token}","resumeToken":"${token}"}`),
    );
    expect(error.message).not.toContain(token);
    expect(errorOf(decodeClientMessage(`{"type":"${'x'.repeat(999)}"}`)).type).toHaveLength(40);
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.jsonValue().map(anyType)), (text) => {
        expect(typeof decodeClientMessage(text).ok).toBe('boolean');
        expect(typeof decodeServerMessage(text).ok).toBe('boolean');
      }),
    );
  });

  /** Gives random JSON the type of some message, so that it reaches the schemas. */
  function anyType(value: unknown): string {
    const types = cases.map(([type]) => type);
    const type = types[JSON.stringify(value).length % types.length];
    return JSON.stringify(typeof value === 'object' ? { ...value, type } : { type, label: value });
  }
});

describe('encode', () => {
  const uuid = fc.uuid();
  const text = (maxLength: number) =>
    fc
      .string({ unit: 'grapheme', maxLength })
      .map((value) => value.trim().slice(0, maxLength).trim());
  const label = text(60).filter((value) => /^[^\u0000-\u001f\u007f]+$/u.test(value));
  const whole = fc.nat();
  const milliseconds = fc.double({ min: 0, max: 1e15, noNaN: true }).map((value) => value + 0);
  const device = fc.record(
    {
      kind: fc.constantFrom('phone' as const, 'tablet' as const, 'unknown' as const),
      platform: text(80),
      browser: text(80),
    },
    { requiredKeys: ['kind'] },
  );
  const capture = fc.record(
    {
      state: fc.constantFrom('active' as const, 'interrupted' as const),
      hasAudio: fc.boolean(),
      microphoneMuted: fc.boolean(),
      facing: fc.constantFrom('user' as const, 'environment' as const),
    },
    { requiredKeys: ['state', 'hasAudio', 'microphoneMuted'] },
  );
  const payload = fc.oneof(
    fc.record({
      kind: fc.constant('description' as const),
      description: fc.record({
        type: fc.constantFrom('offer' as const, 'answer' as const),
        sdp: fc.string({ unit: 'grapheme', maxLength: 2_000 }),
        negotiation: whole,
      }),
    }),
    fc.record({
      kind: fc.constant('candidate' as const),
      candidate: fc.record({
        candidate: fc.string({ maxLength: 1_024 }),
        sdpMid: fc.option(fc.string({ maxLength: 32 })),
        sdpMLineIndex: fc.option(fc.nat(64)),
      }),
    }),
    fc.record({ kind: fc.constant('end-of-candidates' as const) }),
    fc.record({
      kind: fc.constant('restart' as const),
      scope: fc.constantFrom('ice' as const, 'connection' as const),
    }),
  );
  const signal = fc.record(
    { type: fc.constant('signal' as const), sessionId: uuid, connectionId: uuid, payload },
    { requiredKeys: ['type', 'sessionId', 'payload'] },
  );
  const fromClient: fc.Arbitrary<ClientMessage> = fc.oneof(
    fc.record(
      {
        type: fc.constant('hello' as const),
        protocolVersion: fc.integer(),
        resumeToken: fc.string({ minLength: 16, maxLength: 128 }),
      },
      { requiredKeys: ['type', 'protocolVersion'] },
    ),
    fc.record({
      type: fc.constant('publish' as const),
      streamId: uuid,
      label,
      device,
      capture,
      liveForMs: milliseconds,
    }),
    fc.record({ type: fc.constant('ping' as const), sentAt: milliseconds }),
    signal,
  );
  const stream = fc.record({
    streamId: uuid,
    label,
    device,
    capture,
    connection: fc.constantFrom('connected' as const, 'reconnecting' as const),
    viewerCount: whole,
    startedAt: milliseconds,
  });
  const fromServer: fc.Arbitrary<ServerMessage> = fc.oneof(
    fc.record({ type: fc.constant('stream-updated' as const), stream }),
    fc.record({
      type: fc.constant('error' as const),
      id: fc.constantFrom(...errorIdSchema.options),
      message: fc.string({ maxLength: 300 }),
    }),
    signal,
  );

  test("and decode are each other's reverse", () => {
    fc.assert(
      fc.property(fromClient, (message) => {
        expect(decodeClientMessage(encode(message))).toEqual({ ok: true, value: message });
      }),
    );
    fc.assert(
      fc.property(fromServer, (message) => {
        expect(decodeServerMessage(encode(message))).toEqual({ ok: true, value: message });
      }),
    );
  });

  test('refuses what the other end would not accept', () => {
    const offer = (sdp: string) =>
      encode({
        type: 'signal',
        sessionId: ID,
        payload: { kind: 'description', description: { type: 'offer', sdp, negotiation: 0 } },
      });
    const room = MAX_FRAME_BYTES - offer('').length;
    expect(offer('v'.repeat(room))).toHaveLength(MAX_FRAME_BYTES);
    expect(() => offer('v'.repeat(room + 1))).toThrow(RangeError);
    expect(() => offer('€'.repeat(MAX_SDP_LENGTH))).toThrow('signal');
  });
});
