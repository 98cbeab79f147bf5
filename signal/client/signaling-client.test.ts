import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLOSE } from '../protocol/close-codes';
import { CLOSE_SENTENCES, closeSentence } from '../protocol/close-sentences';
import { PING_INTERVAL_MS, SILENCE_TIMEOUT_MS, SUBPROTOCOL } from '../protocol/limits';
import { decodeStreamerMessage, decodeServerMessage } from '../protocol/codec';
import type { ServerMessage } from '../protocol/messages';
import { createFakeWebSockets, type FakeWebSockets } from '../testing/fake-web-socket';
import { idOf, streamOf, welcomeOf } from '../testing/sample-messages';
import { freshIdentity } from './identity';
import { SignalingClient, type SignalingClientOptions } from './signaling-client';

const ORIGIN = 'ws://192.0.2.7:8443';
const added: ServerMessage = { type: 'stream-added', stream: streamOf(idOf(5)) };

let sockets: FakeWebSockets;
const clients: SignalingClient[] = [];

function createClient(
  options: Partial<SignalingClientOptions<ServerMessage>> = {},
): SignalingClient {
  const client = new SignalingClient({
    origin: ORIGIN,
    identity: { clientId: idOf(1), resumeToken: undefined },
    clientType: 'viewer',
    decode: decodeServerMessage,
    sentenceOf: closeSentence,
    ...options,
  });
  clients.push(client);
  return client;
}

function connectedClient(
  options: Partial<SignalingClientOptions<ServerMessage>> = {},
): SignalingClient {
  const client = createClient(options);
  client.connect();
  sockets.latest.accept();
  sockets.latest.deliver(welcomeOf());
  return client;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  sockets = createFakeWebSockets();
  vi.stubGlobal('WebSocket', sockets.WebSocket);
});

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  // Whatever a test did, a closed client holds neither a timer nor an open socket.
  expect(vi.getTimerCount()).toBe(0);
  expect(sockets.open).toEqual([]);
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('connecting', () => {
  it('opens its endpoint and says hello before anything else', () => {
    const client = createClient({ clientType: 'streamer' });
    expect(client.status).toBe('idle');
    client.connect();
    expect(client.status).toBe('connecting');
    expect(sockets.latest.url).toBe(`${ORIGIN}/ws/${idOf(1)}/streamer`);
    expect(sockets.latest.subprotocol).toBe(SUBPROTOCOL);
    expect(client.send({ type: 'unpublish', streamId: idOf(5) })).toBe(false);
    sockets.latest.accept();
    expect(client.send({ type: 'unpublish', streamId: idOf(5) })).toBe(false);
    expect(sockets.latest.sent).toEqual([{ type: 'hello', protocolVersion: 1 }]);
  });

  it('is connected once welcomed, and then sends', () => {
    const client = createClient();
    const welcomed = vi.fn();
    client.on('welcomed', welcomed);
    client.connect();
    sockets.latest.accept();
    expect(client.welcome).toBeUndefined();
    sockets.latest.deliver(welcomeOf());
    expect(client.status).toBe('connected');
    expect(client.welcome).toEqual(welcomeOf());
    expect(welcomed).toHaveBeenCalledExactlyOnceWith(welcomeOf());
    expect(client.send({ type: 'unpublish', streamId: idOf(5) })).toBe(true);
    expect(sockets.latest.sent.at(-1)).toEqual({ type: 'unpublish', streamId: idOf(5) });
  });

  it('holds the newest ICE servers, also while it is away', () => {
    const client = createClient();
    expect(client.iceServers).toEqual([]);
    const heard = vi.fn();
    client.on('message', heard);
    client.connect();
    sockets.latest.accept();
    const [first, second, third] = ['1', '2', '3'].map((username) => [
      { urls: ['turn:turn.example'], username, credential: 'c' },
    ]);
    sockets.latest.deliver(welcomeOf({ iceServers: first! }));
    expect(client.iceServers).toEqual(first);
    sockets.latest.deliver({ type: 'ice-servers', iceServers: second! });
    expect(client.iceServers).toEqual(second);
    expect(heard).not.toHaveBeenCalled();
    sockets.latest.drop(1006);
    expect(client.iceServers).toEqual(second);
    vi.advanceTimersByTime(1);
    sockets.latest.accept();
    sockets.latest.deliver(welcomeOf({ iceServers: third! }));
    expect(client.iceServers).toEqual(third);
  });

  it('gives up a server that does not welcome it, and tries again', () => {
    const client = createClient();
    client.connect();
    sockets.latest.accept();
    vi.advanceTimersByTime(8_000);
    expect(client.status).toBe('connecting');
    expect(sockets.open).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sockets.all).toHaveLength(2);
  });

  it('gives up a socket that does not open, and waits longer each time', () => {
    createClient().connect();
    vi.advanceTimersByTime(8_001);
    expect(sockets.all).toHaveLength(2);
    vi.advanceTimersByTime(8_299);
    expect(sockets.all).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(sockets.all).toHaveLength(3);
    expect(sockets.open).toHaveLength(1);
  });

  it('says something as soon as it keeps its new token, even where nobody else does', () => {
    const identity = freshIdentity();
    const client = createClient({ identity });
    client.on('welcomed', () => client.send({ type: 'unpublish', streamId: idOf(5) }));
    client.connect();
    sockets.latest.accept();
    sockets.latest.deliver(welcomeOf());
    expect(identity.resumeToken).toBe(welcomeOf().resumeToken);
    expect(sockets.latest.sent.map(({ type }) => type)).toEqual(['hello', 'unpublish', 'ping']);
  });

  it('tells of nothing that comes before the welcome', () => {
    const client = createClient();
    const heard = vi.fn();
    client.on('message', heard);
    client.connect();
    sockets.latest.accept();
    sockets.latest.deliver(added);
    expect(heard).not.toHaveBeenCalled();
    sockets.latest.deliver(welcomeOf());
    sockets.latest.deliver(added);
    expect(heard).toHaveBeenCalledExactlyOnceWith(added);
  });

  it('fails with a sentence where the browser refuses the address', () => {
    vi.stubGlobal('WebSocket', function refuse() {
      throw new DOMException('An insecure connection', 'SecurityError');
    });
    const client = createClient();
    const statuses: string[] = [];
    client.on('statusChanged', (status) => statuses.push(status));
    client.connect();
    expect(statuses).toEqual(['failed']);
    expect(client.failure?.sentence).toContain('Check the address');
    vi.stubGlobal('WebSocket', sockets.WebSocket);
    client.connect();
    expect(client.status).toBe('connecting');
    expect(client.failure).toBeUndefined();
  });
});

describe('coming back', () => {
  it('resumes with the token of its last welcome', () => {
    const identity = { clientId: idOf(1), resumeToken: undefined };
    const client = connectedClient({ identity });
    expect(identity.resumeToken).toBe('token-of-the-first-welcome');
    sockets.latest.drop(1006);
    expect(client.status).toBe('reconnecting');
    expect(client.welcome).toBeUndefined();
    vi.advanceTimersByTime(1);
    sockets.latest.accept();
    expect(sockets.latest.sent).toEqual([
      { type: 'hello', protocolVersion: 1, resumeToken: 'token-of-the-first-welcome' },
    ]);
    sockets.latest.deliver(welcomeOf({ resumed: true, resumeToken: 'token-of-the-second-one' }));
    expect(identity.resumeToken).toBe('token-of-the-second-one');
    expect(client.status).toBe('connected');
  });

  it('takes silence for loss', () => {
    const client = connectedClient();
    vi.advanceTimersByTime(SILENCE_TIMEOUT_MS - 1);
    expect(client.status).toBe('connected');
    vi.advanceTimersByTime(1);
    expect(client.status).toBe('reconnecting');
  });

  it('stays while the server answers its pings, and measures them', () => {
    const client = connectedClient();
    const measured = vi.fn();
    client.on('roundTripMeasured', measured);
    for (let second = 0; second < 60; second += 5) {
      vi.advanceTimersByTime(second === 0 ? PING_INTERVAL_MS : PING_INTERVAL_MS - 20);
      const ping = sockets.latest.sent.at(-1);
      if (ping?.type !== 'ping') throw new Error('No ping was sent');
      vi.advanceTimersByTime(20);
      sockets.latest.deliver({ type: 'pong', sentAt: ping.sentAt });
    }
    expect(client.status).toBe('connected');
    expect(sockets.all).toHaveLength(1);
    expect(measured).toHaveBeenCalledTimes(12);
    expect(client.roundTripTimeMs).toBeCloseTo(20);
  });

  it('does not hear a socket that it has given up', () => {
    const client = connectedClient();
    const first = sockets.latest;
    const heard = vi.fn();
    client.on('message', heard);
    const { onmessage, onclose } = first;
    vi.advanceTimersByTime(SILENCE_TIMEOUT_MS);
    vi.advanceTimersByTime(1);
    sockets.latest.accept();
    sockets.latest.deliver(welcomeOf());
    // Also not by an event that was on its way while its handlers were still there.
    first.deliver(added);
    onmessage?.({ data: JSON.stringify(added) });
    onclose?.({ code: CLOSE.idInUse.code });
    expect(heard).not.toHaveBeenCalled();
    expect(client.status).toBe('connected');
    expect(sockets.open).toEqual([sockets.latest]);
  });

  it('counts its attempts on until a connection has held', () => {
    connectedClient();
    sockets.latest.drop(1006);
    vi.advanceTimersByTime(1);
    sockets.latest.accept();
    sockets.latest.deliver(welcomeOf());
    sockets.latest.drop(1006);
    vi.advanceTimersByTime(299);
    expect(sockets.all).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(sockets.all).toHaveLength(3);
    sockets.latest.accept();
    sockets.latest.deliver(welcomeOf());
    vi.advanceTimersByTime(10_000);
    sockets.latest.drop(1006);
    vi.advanceTimersByTime(1);
    expect(sockets.all).toHaveLength(4);
  });

  it('stops at a fatal close, says why, and starts again when asked', () => {
    const client = connectedClient();
    sockets.latest.drop(CLOSE.superseded.code);
    expect(client.status).toBe('failed');
    expect(client.failure).toMatchObject({
      code: CLOSE.superseded.code,
      sentence: CLOSE_SENTENCES.superseded,
    });
    vi.advanceTimersByTime(60_000);
    client.wake();
    expect(sockets.all).toHaveLength(1);
    client.connect();
    expect(sockets.all).toHaveLength(2);
  });

  it('fails at a frame that no server of its version sends', () => {
    for (const frame of ['{"type":', '{"type":"news"}', '{"type":"pong","sentAt":"now"}']) {
      const client = connectedClient();
      sockets.latest.deliverFrame(frame);
      expect(client.failure?.code).toBe(CLOSE.protocolViolation.code);
      expect(sockets.open).toEqual([]);
    }
  });
});

describe('credentials', () => {
  const device = { kind: 'phone', platform: 'Android' } as const;
  const KEY = 'key-of-the-first-link-';
  const NEXT_KEY = 'key-of-the-second-link';
  const hello = { type: 'hello', protocolVersion: 1 };

  it('are said in every hello, with the resume token: a restarted server needs them', () => {
    const credentials = { key: KEY, deviceKey: 'secret-of-the-device', device };
    connectedClient({ credentials });
    expect(sockets.latest.sent[0]).toEqual({ ...hello, ...credentials });
    sockets.latest.drop(1006);
    vi.advanceTimersByTime(1);
    sockets.latest.accept();
    const resumeToken = 'token-of-the-first-welcome';
    expect(sockets.latest.sent).toEqual([{ ...hello, resumeToken, ...credentials }]);
  });

  it('may be better the next time', () => {
    const client = createClient();
    client.connect();
    sockets.latest.accept();
    expect(sockets.latest.sent).toEqual([hello]);
    sockets.latest.drop(CLOSE.keyRequired.code);
    expect(client.failure?.code).toBe(CLOSE.keyRequired.code);
    client.credentials = { key: KEY };
    client.connect();
    sockets.latest.accept();
    expect(sockets.latest.sent).toEqual([{ ...hello, key: KEY }]);
  });

  it('take the key that the server renews, and tell of it', () => {
    const client = connectedClient({ credentials: { key: KEY, device } });
    const renewed = vi.fn();
    const heard = vi.fn();
    client.on('keyRenewed', renewed);
    client.on('message', heard);
    sockets.latest.deliver({ type: 'key-renewed', key: NEXT_KEY });
    expect(renewed).toHaveBeenCalledExactlyOnceWith(NEXT_KEY);
    expect(heard).not.toHaveBeenCalled();
    expect(client.credentials).toEqual({ key: NEXT_KEY, device });
  });
});

describe('a refusal', () => {
  const sentence = 'This is a link for phones. Open it on a phone.';

  it('is told in the words that the server sent before its close', () => {
    const client = createClient();
    client.connect();
    sockets.latest.accept();
    sockets.latest.deliver({
      type: 'error',
      id: 'key-refused',
      message: sentence,
      answers: 'hello',
    });
    sockets.latest.drop(CLOSE.keyRefused.code);
    expect(client.failure).toMatchObject({ code: CLOSE.keyRefused.code, sentence });
    client.connect();
    sockets.latest.accept();
    sockets.latest.drop(CLOSE.keyRefused.code);
    expect(client.failure?.sentence).toBe(CLOSE_SENTENCES.keyRefused);
  });

  it('does not borrow the words of an answer to something else', () => {
    const client = connectedClient();
    const answer = { type: 'error', message: 'No such stream.', answers: 'subscribe' } as const;
    sockets.latest.deliver({ ...answer, id: 'unknown-stream' });
    sockets.latest.drop(CLOSE.removed.code);
    expect(client.failure?.sentence).toBe(CLOSE_SENTENCES.removed);
  });

  it('that asks for patience is told while it tries on, until it is welcomed or lost', () => {
    const client = createClient();
    const told = vi.fn();
    client.on('statusChanged', (status) => void told(status, client.setback?.code));
    client.connect();
    sockets.latest.accept();
    sockets.latest.drop(CLOSE.roomLocked.code);
    expect(client.setback).toMatchObject({ code: CLOSE.roomLocked.code });
    client.wake();
    expect(client.setback).toMatchObject({ code: CLOSE.roomLocked.code });
    sockets.latest.accept();
    sockets.latest.deliver(welcomeOf());
    expect(client.setback).toBeUndefined();
    expect(told.mock.calls).toEqual([
      ['connecting', undefined],
      ['connecting', CLOSE.roomLocked.code],
      ['connected', undefined],
    ]);
    sockets.latest.drop(CLOSE.serverFull.code);
    expect(client.setback?.code).toBe(CLOSE.serverFull.code);
    client.wake();
    sockets.latest.drop(1006);
    expect(client.setback).toBeUndefined();
  });
});

it('understands only what its decoder does', () => {
  const client = new SignalingClient({
    origin: ORIGIN,
    identity: freshIdentity(),
    clientType: 'streamer',
    decode: decodeStreamerMessage,
  });
  const heard = vi.fn();
  client.on('message', ({ type }) => void heard(type));
  client.connect();
  sockets.latest.accept();
  sockets.latest.deliver(welcomeOf());
  sockets.latest.deliver({ type: 'admission', state: 'waiting' });
  expect(heard).toHaveBeenCalledExactlyOnceWith('admission');
  sockets.latest.deliver({ type: 'join-addresses', joinAddresses: [] });
  expect(client.failure?.code).toBe(CLOSE.protocolViolation.code);
  client.close();
});

describe('waking', () => {
  it('tries at once instead of waiting', () => {
    const client = connectedClient();
    for (const code of [1006, 1006, 1006]) {
      sockets.latest.drop(code);
      vi.runOnlyPendingTimers();
    }
    sockets.latest.drop(1006);
    const before = sockets.all.length;
    client.wake();
    expect(sockets.all).toHaveLength(before + 1);
    vi.advanceTimersByTime(5_000);
    expect(sockets.all).toHaveLength(before + 1);
  });

  it('probes a connection, and gives it up when no answer comes', () => {
    const client = connectedClient();
    client.wake();
    expect(sockets.latest.sent.at(-1)?.type).toBe('ping');
    vi.advanceTimersByTime(1_499);
    expect(client.status).toBe('connected');
    vi.advanceTimersByTime(1);
    expect(client.status).toBe('reconnecting');
  });

  it('keeps a connection that answers its probe', () => {
    const client = connectedClient();
    client.wake();
    sockets.latest.deliver({ type: 'pong', sentAt: 0 });
    vi.advanceTimersByTime(4_000);
    expect(client.status).toBe('connected');
  });
});

it('asks before it takes silence for loss where its own timers were held back', () => {
  const client = connectedClient();
  const now = performance.now.bind(performance);
  // A background page: by the clock a minute has gone by when the watchdog may run at last.
  vi.spyOn(performance, 'now').mockImplementation(() => now() + 60_000);
  vi.advanceTimersByTime(SILENCE_TIMEOUT_MS);
  expect(client.status).toBe('connected');
  expect(sockets.latest.sent.at(-1)).toMatchObject({ type: 'ping' });
  vi.advanceTimersByTime(1_500);
  expect(client.status).toBe('reconnecting');
});

it('answers a doubt within seconds, however often it is raised', () => {
  const client = connectedClient();
  client.check();
  vi.advanceTimersByTime(1_000);
  client.check();
  vi.advanceTimersByTime(500);
  expect(client.status).toBe('reconnecting');
  client.check();
  expect(client.status).toBe('reconnecting');
});

describe('closing', () => {
  it('says bye, and is final', () => {
    const client = connectedClient();
    const socket = sockets.latest;
    client.close();
    client.close();
    expect(socket.sent.at(-1)).toEqual({ type: 'bye' });
    expect(client.status).toBe('closed');
    client.connect();
    client.wake();
    expect(client.status).toBe('closed');
    expect(sockets.all).toHaveLength(1);
    expect(client.send({ type: 'bye' })).toBe(false);
  });

  it('leaves no timer and no handler, wherever it stood', () => {
    const standings: Record<string, (client: SignalingClient) => void> = {
      idle: () => undefined,
      opening: (client) => client.connect(),
      greeting: (client) => {
        client.connect();
        sockets.latest.accept();
      },
      connected: (client) => {
        client.connect();
        sockets.latest.accept();
        sockets.latest.deliver(welcomeOf());
      },
      waiting: (client) => {
        client.connect();
        sockets.latest.drop(1006);
      },
      failed: (client) => {
        client.connect();
        sockets.latest.drop(CLOSE.idInUse.code);
      },
    };
    for (const [name, arrange] of Object.entries(standings)) {
      const client = createClient({ identity: freshIdentity() });
      arrange(client);
      client.close();
      expect(vi.getTimerCount(), name).toBe(0);
      expect(sockets.open, name).toEqual([]);
      for (const { onopen, onmessage, onclose } of sockets.all) {
        expect([onopen, onmessage, onclose], name).toEqual([null, null, null]);
      }
    }
  });

  it('may happen in the very event that tells of the connection', () => {
    const client = createClient();
    const welcomed = vi.fn();
    client.on('welcomed', welcomed);
    client.on('statusChanged', (status) => {
      if (status === 'connected') client.close();
    });
    client.connect();
    sockets.latest.accept();
    sockets.latest.deliver(welcomeOf());
    expect(client.status).toBe('closed');
    expect(welcomed).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('tells each status once, in order', () => {
  const client = createClient();
  const statuses: string[] = [];
  client.on('statusChanged', (status) => statuses.push(status));
  client.connect();
  sockets.latest.drop(1006);
  vi.advanceTimersByTime(1);
  sockets.latest.accept();
  sockets.latest.deliver(welcomeOf());
  sockets.latest.drop(CLOSE.draining.code);
  vi.runOnlyPendingTimers();
  sockets.latest.accept();
  sockets.latest.deliver(welcomeOf());
  client.close();
  expect(statuses).toEqual(['connecting', 'connected', 'reconnecting', 'connected', 'closed']);
});
