import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { encode } from '../protocol/codec';
import type { SessionInfo, StreamInfo, Welcome } from '../protocol/messages';
import { welcomeFrames } from './welcome-frames';

function welcome(streams: StreamInfo[], sessions: SessionInfo[]): Welcome {
  return {
    type: 'welcome',
    protocolVersion: 1,
    serverName: 'Test',
    clientId: randomUUID(),
    role: 'operator',
    resumed: false,
    resumeToken: 'x'.repeat(32),
    resumeWindowMs: 30_000,
    iceServers: [],
    limits: { maxFrameBytes: 65_536, maxStreams: 1_000 },
    joinAddresses: [],
    streams,
    sessions,
  };
}

function stream(): StreamInfo {
  return {
    streamId: randomUUID(),
    label: 'ß'.repeat(60),
    device: { kind: 'phone', platform: '€'.repeat(80), browser: '€'.repeat(80) },
    capture: { state: 'active', hasAudio: true, microphoneMuted: false },
    connection: 'connected',
    viewerCount: 3,
    startedAt: 1,
  };
}

test('is one frame on an ordinary wall', () => {
  const whole = welcome([stream(), stream()], []);
  expect(welcomeFrames(whole)).toEqual([whole]);
});

test('spreads a very large wall over frames that all fit, and loses nothing', () => {
  const streams = Array.from({ length: 900 }, stream);
  const sessions = streams
    .slice(500)
    .map(
      ({ streamId }) =>
        ({ sessionId: randomUUID(), streamId, role: 'subscriber', peerRole: 'phone' }) as const,
    );
  const frames = welcomeFrames(welcome(streams, sessions));
  for (const frame of frames) expect(() => encode(frame)).not.toThrow();
  const [first, ...rest] = frames;
  if (first?.type !== 'welcome') throw new Error('The first frame must be the welcome.');
  expect(first.sessions).toHaveLength(400);
  const later = rest.flatMap((frame) => (frame.type === 'stream-added' ? [frame.stream] : []));
  const seen = [...first.streams, ...later].map(({ streamId }) => streamId);
  expect(new Set(seen)).toEqual(new Set(streams.map(({ streamId }) => streamId)));
  expect(seen).toHaveLength(900);
});

test('puts watched streams first, and announces sessions that do not fit', () => {
  const streams = Array.from({ length: 3 }, stream);
  const watched = streams[2]!;
  const sessions = [
    {
      sessionId: randomUUID(),
      streamId: watched.streamId,
      role: 'subscriber' as const,
      peerRole: 'phone' as const,
    },
  ];
  const whole = welcome(streams, sessions);
  const tight = Buffer.byteLength(JSON.stringify({ ...whole, streams: [watched] })) + 8;
  const [first, ...rest] = welcomeFrames(whole, tight);
  expect(first).toMatchObject({ streams: [watched], sessions });
  expect(rest.map(({ type }) => type)).toEqual(['stream-added', 'stream-added']);
  const tiny = welcomeFrames(whole, 10);
  expect(tiny[0]).toMatchObject({ streams: [], sessions: [] });
  expect(tiny.at(-1)).toEqual({ type: 'session-opened', session: sessions[0] });
});
