/** The whole conversation over real sockets, as phones and consoles have it. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { startServer } from './testing/test-server';

describe('a session', () => {
  test('opens at both ends, relays frames as they came, and ends', async () => {
    const server = await startServer();
    const phone = await server.join('streamer');
    const wall = await server.join('viewer');
    const streamId = await phone.publish();
    expect(await wall.next('stream-added')).toMatchObject({
      stream: { streamId, label: 'Camera', viewerCount: 0, connection: 'connected' },
    });
    const sessionId = await wall.subscribe(streamId);
    expect(await phone.next('session-opened')).toMatchObject({
      session: { sessionId, streamId, role: 'publisher', peerRole: 'operator' },
    });
    // Odd spacing and an extra field show that nobody rewrote it.
    const offer = `{ "type":"signal",  "sessionId":"${sessionId}", "x":[1], "payload":{"kind":"description","description":{"type":"offer","sdp":"v=0\\r\\n","negotiation":1}}}`;
    phone.sendText(offer);
    await wall.next('signal');
    expect(wall.frames).toContain(offer);
    wall.send({ type: 'signal', sessionId, payload: { kind: 'restart', scope: 'ice' } });
    expect(await phone.next('signal')).toMatchObject({ payload: { kind: 'restart' } });
    wall.send({ type: 'unsubscribe', sessionId });
    expect(await phone.next('session-closed')).toMatchObject({ sessionId, reason: 'unsubscribed' });
    phone.send({ type: 'unpublish', streamId });
    expect(await wall.next('stream-removed')).toMatchObject({ streamId, reason: 'stopped' });
  });

  test('is counted on the phone and on every console', async () => {
    const server = await startServer();
    const phone = await server.join('streamer');
    const streamId = await phone.publish();
    const walls = [await server.join('viewer'), await server.join('viewer')];
    for (const wall of walls) await wall.subscribe(streamId);
    for (const client of [phone, ...walls]) {
      await client.next('stream-updated', ({ stream }) => stream.viewerCount === 2);
    }
    walls[0]!.socket.close(1000);
    for (const client of [phone, walls[1]!]) {
      await client.next('stream-updated', ({ stream }) => stream.viewerCount === 1);
    }
  });

  test('changes that come together cost each receiver one message', async () => {
    const server = await startServer({ limits: { updateDelayMs: 100 } });
    const phone = await server.join('streamer');
    const wall = await server.join('viewer');
    const streamId = await phone.publish();
    for (let count = 1; count <= 20; count += 1) {
      phone.send({ type: 'update-stream', streamId, label: `Name ${count}` });
    }
    await phone.settle();
    await wall.next('stream-updated', ({ stream }) => stream.label === 'Name 20');
    await wall.settle();
    const updates = wall.frames.filter((frame) => frame.includes('"stream-updated"'));
    expect(updates.length).toBeLessThanOrEqual(2);
  });
});

describe('a welcome', () => {
  test('carries what the server is and hands out', async () => {
    const iceServers = [{ urls: ['turn:turn.example'], username: 'user', credential: 'password' }];
    const server = await startServer({ config: { name: 'Studio', iceServers, maxStreams: 9 } });
    const viewer = await server.connect('viewer');
    expect(await viewer.hello()).toEqual({
      type: 'welcome',
      protocolVersion: 1,
      serverName: 'Studio',
      clientId: viewer.id,
      role: 'operator',
      resumed: false,
      resumeToken: viewer.resumeToken,
      resumeWindowMs: 30_000,
      iceServers,
      limits: { maxFrameBytes: 65_536, maxStreams: 9 },
      joinAddresses: [
        {
          url: `http://127.0.0.1:${server.port}/stream`,
          network: 'this-machine',
          cameraAllowed: true,
        },
      ],
      streams: [],
      sessions: [],
    });
  });

  test('lists the wall for whoever comes later', async () => {
    const server = await startServer();
    const phone = await server.join('streamer');
    const streamId = await phone.publish();
    const wall = await server.connect('viewer');
    expect(await wall.hello()).toMatchObject({ streams: [{ streamId }] });
    const other = await server.connect('streamer');
    expect(await other.hello()).toMatchObject({ streams: [] });
  });
});

describe('a resume', () => {
  test('brings a vanished phone back to its session before its window ends', async () => {
    const server = await startServer();
    const phone = await server.join('streamer');
    const wall = await server.join('viewer');
    const streamId = await phone.publish();
    const sessionId = await wall.subscribe(streamId);
    phone.vanish();
    await wall.next('stream-updated', ({ stream }) => stream.connection === 'reconnecting');
    // What is said to a phone that is away is lost, and no error.
    wall.send({ type: 'signal', sessionId, payload: { kind: 'end-of-candidates' } });
    await wall.settle();
    const back = await server.connect('streamer', phone.id);
    expect(await back.hello(phone.resumeToken)).toMatchObject({
      resumed: true,
      streams: [{ streamId }],
      sessions: [{ sessionId, streamId, role: 'publisher', peerRole: 'operator' }],
    });
    await wall.next('stream-updated', ({ stream }) => stream.connection === 'connected');
    wall.send({ type: 'signal', sessionId, payload: { kind: 'end-of-candidates' } });
    await back.next('signal');
    expect(wall.inbox.filter(({ type }) => type === 'error')).toEqual([]);
  });

  test('supersedes the older socket of the same client', async () => {
    const server = await startServer();
    const phone = await server.join('streamer');
    const streamId = await phone.publish();
    const newer = await server.connect('streamer', phone.id);
    expect(await newer.hello(phone.resumeToken)).toMatchObject({ resumed: true });
    expect(await phone.closed).toBe(4003);
    newer.send({ type: 'update-stream', streamId, label: 'Still mine' });
    await newer.next('stream-updated', ({ stream }) => stream.label === 'Still mine');
    expect(await server.health()).toMatchObject({ clients: 1, streams: 1 });
  });

  test('is over when the window is: the tile leaves as lost', async () => {
    const server = await startServer({ config: { resumeWindowMs: 60 } });
    const phone = await server.join('streamer');
    const wall = await server.join('viewer');
    const streamId = await phone.publish();
    const sessionId = await wall.subscribe(streamId);
    phone.vanish();
    expect(await wall.next('session-closed')).toMatchObject({ sessionId, reason: 'stream-ended' });
    expect(await wall.next('stream-removed')).toMatchObject({ streamId, reason: 'lost' });
    const back = await server.connect('streamer', phone.id);
    expect(await back.hello(phone.resumeToken)).toMatchObject({ resumed: false, streams: [] });
  });

  test('is not for a console that closed its page, nor for whoever said bye', async () => {
    const server = await startServer();
    const phone = await server.join('streamer');
    const wall = await server.join('viewer');
    const streamId = await phone.publish();
    await wall.subscribe(streamId);
    wall.socket.close(1001);
    expect(await phone.next('session-closed')).toMatchObject({ reason: 'viewer-left' });
    const watcher = await server.join('viewer');
    phone.send({ type: 'bye' });
    expect(await watcher.next('stream-removed')).toMatchObject({ reason: 'left' });
    expect(await phone.closed).toBe(1000);
    expect(await server.health()).toMatchObject({ clients: 1, streams: 0, sessions: 0 });
  });

  test('rebuilds everything on a server without memory, by the ids the pages kept', async () => {
    const first = await startServer();
    const phone = await first.join('streamer');
    const wall = await first.join('viewer');
    const streamId = await phone.publish();
    const sessionId = await wall.subscribe(streamId);
    await first.close();

    const second = await startServer();
    const wallBack = await second.join('viewer', wall.id, wall.resumeToken);
    const phoneBack = await second.join('streamer', phone.id, phone.resumeToken);
    await phoneBack.publish(streamId);
    await wallBack.next('stream-added');
    wallBack.send({ type: 'subscribe', streamId, sessionId });
    for (const client of [wallBack, phoneBack]) {
      expect(await client.next('session-opened')).toMatchObject({ session: { sessionId } });
    }
  });
});

test('a hello whose welcome no page has read may be said again, though its browser had it', async () => {
  const server = await startServer();
  const id = randomUUID();
  const first = await server.connect('streamer', id);
  const { resumeToken } = await first.hello();
  await first.settle();
  first.socket.terminate();
  const second = await server.connect('streamer', id);
  await second.hello({ resumeToken });
  // A browser answers pings without its page; nothing else is said.
  const isHeard = once(second.socket, 'pong');
  second.socket.ping();
  await isHeard;
  second.socket.close(1001);
  const third = await server.connect('streamer', id);
  expect(await third.hello({ resumeToken })).toMatchObject({ resumed: true });
  // From here on the welcome is known to have been read: the old token is worth nothing.
  await third.settle();
  const fourth = await server.connect('streamer', id);
  fourth.send({ type: 'hello', protocolVersion: 1, resumeToken });
  expect(await fourth.closed).toBe(4002);
});

test('a hello whose welcome never arrived may be said again', async () => {
  const server = await startServer();
  const id = randomUUID();
  const first = await server.connect('streamer', id);
  first.socket.pause();
  first.send({ type: 'hello', protocolVersion: 1 });
  await expect.poll(() => server.health()).toMatchObject({ clients: 1 });
  const second = await server.connect('streamer', id);
  expect(await second.hello()).toMatchObject({ resumed: false });
  // From here on the welcome is known to have arrived, and the id is taken.
  await second.settle();
  const third = await server.connect('streamer', id);
  third.send({ type: 'hello', protocolVersion: 1 });
  expect(await third.closed).toBe(4002);
});
