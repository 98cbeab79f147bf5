/** Whatever is gathered, it is gathered with the newest credentials: at both ends, at every repair. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { IceServer } from '../protocol/messages';
import {
  createFakePeerConnections,
  type FakePeerConnection,
  type FakePeerConnections,
} from '../testing/fake-peer-connection';
import { FakeSignaling } from '../testing/fake-signaling';
import { idOf, streamOf } from '../testing/sample-messages';
import { peerConfiguration, renewIceServers } from './peer-configuration';
import { Publisher } from './publisher';
import { Subscriptions } from './subscriptions';

const STREAM = idOf(100);
const SESSION = idOf(200);
const CONNECTION = idOf(300);

let signaling: FakeSignaling;
let connections: FakePeerConnections;

function issuedAt(time: number): IceServer[] {
  return [{ urls: ['turn:turn.example:3478'], username: `${String(time)}:me`, credential: 'c' }];
}

/** Usernames each gathering of a connection was done with. */
function usernames(connection: FakePeerConnection): (string | undefined)[] {
  return connection.gatheredWith.map(({ iceServers }) => iceServers?.[0]?.username);
}

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

function offer(negotiation: number, connectionId = CONNECTION): void {
  const description = { type: 'offer', sdp: 'v=0\r\n', negotiation } as const;
  signaling.receiveSignal(SESSION, { kind: 'description', description }, connectionId);
}

beforeEach(() => {
  vi.useFakeTimers();
  connections = createFakePeerConnections();
  for (const [name, value] of Object.entries(connections.globals)) vi.stubGlobal(name, value);
  signaling = new FakeSignaling();
  signaling.connect({ iceServers: issuedAt(1) });
});

afterEach(() => {
  expect(connections.open).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('holds for a publisher that restarts ICE and then starts afresh', async () => {
  const publisher = new Publisher({
    signaling,
    streamId: STREAM,
    label: 'Door',
    device: { kind: 'phone' },
    capture: { state: 'active', hasAudio: true, microphoneMuted: false },
    video: undefined,
    audio: undefined,
    settings: {
      maxBitrateBps: 2_500_000,
      startBitrateBps: 2_000_000,
      maxFramerate: 30,
      degradationPreference: 'balanced',
      preferredCodec: 'video/VP8',
    },
  });
  const session = {
    sessionId: SESSION,
    streamId: STREAM,
    role: 'publisher',
    peerRole: 'operator',
  } as const;
  signaling.receive({ type: 'session-opened', session });
  await pass(0);
  const first = connections.latest;
  first.reach('connected');
  signaling.iceServers = issuedAt(2);
  first.reach('failed');
  await pass(0);
  expect(usernames(first)).toEqual(['1:me', '2:me']);
  expect(first.gatheredWith.map(({ bundlePolicy }) => bundlePolicy)).toEqual([
    'max-bundle',
    'max-bundle',
  ]);
  signaling.iceServers = issuedAt(3);
  await pass(8_000);
  expect(connections.latest).not.toBe(first);
  expect(usernames(connections.latest)).toEqual(['3:me']);
  publisher.close();
});

it('holds for a subscriber that answers a restart and then a new connection', async () => {
  const subscriptions = new Subscriptions({ signaling });
  signaling.receive({ type: 'stream-added', stream: streamOf(STREAM) });
  const session = {
    sessionId: SESSION,
    streamId: STREAM,
    role: 'subscriber',
    peerRole: 'phone',
  } as const;
  signaling.receive({ type: 'session-opened', session });
  offer(1);
  await pass(0);
  const first = connections.latest;
  first.reach('connected');
  signaling.iceServers = issuedAt(2);
  offer(2);
  await pass(0);
  expect(usernames(first)).toEqual(['1:me', '2:me']);
  signaling.iceServers = issuedAt(3);
  offer(1, idOf(301));
  await pass(0);
  expect(connections.latest).not.toBe(first);
  expect(usernames(connections.latest)).toEqual(['3:me']);
  subscriptions.close();
});

it('leaves alone a browser that cannot change them', () => {
  const connection = {} as RTCPeerConnection;
  expect(() => renewIceServers(connection, issuedAt(1))).not.toThrow();
});

it('copies the servers: a list that changes later changes no configuration', () => {
  const servers = issuedAt(1);
  const { iceServers } = peerConfiguration(servers);
  servers.pop();
  expect(iceServers).toHaveLength(1);
});
