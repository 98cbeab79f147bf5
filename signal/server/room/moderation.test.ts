/** What operators command, from outside: a real server, real sockets. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../protocol/room-messages';
import { createSecret } from '../access/secrets';
import { askToPublish, command, isStillIn, TestRoom } from '../testing/test-room';

async function liveRoom() {
  const room = await TestRoom.open();
  const desk = await room.operator();
  const deviceKey = createSecret();
  const phone = await room.phone({ deviceKey });
  const streamId = await phone.publish(randomUUID(), 'Door');
  await desk.next('stream-added');
  return { room, desk, phone, streamId, deviceKey };
}

describe('on a stream', () => {
  test('rename changes the tile and tells the phone, also one that was away', async () => {
    const { room, desk, phone, streamId } = await liveRoom();
    const isNamed =
      (label: string) =>
      ({ stream }: { stream: { label: string } }) =>
        stream.label === label;
    expect(await command(desk, { kind: 'rename', streamId, label: 'Stage' })).toMatchObject({
      ok: true,
    });
    expect((await phone.next('moderated')).action).toEqual({ kind: 'renamed', label: 'Stage' });
    await desk.next('stream-updated', isNamed('Stage'));

    phone.vanish();
    await desk.next('stream-updated', ({ stream }) => stream.connection === 'reconnecting');
    await command(desk, { kind: 'rename', streamId, label: 'Roof' });
    const back = await room.server.join('streamer', phone.id, phone.resumeToken);
    back.send({
      type: 'publish',
      streamId,
      label: 'Stage',
      device: { kind: 'phone' },
      capture: { state: 'active', hasAudio: true, microphoneMuted: false },
    });
    expect((await back.next('moderated')).action).toEqual({ kind: 'renamed', label: 'Roof' });
    await back.next('stream-updated', isNamed('Roof'));
    // What its user chooses afterwards counts again.
    back.send({ type: 'update-stream', streamId, label: 'Mine' });
    await desk.next('stream-updated', isNamed('Mine'));
  });

  test('mute asks the phone, and cannot ask one that is away', async () => {
    const { desk, phone, streamId } = await liveRoom();
    expect(await command(desk, { kind: 'mute', streamId })).toMatchObject({ ok: true });
    expect((await phone.next('moderated')).action).toEqual({ kind: 'muted' });
    phone.vanish();
    await desk.next('stream-updated', ({ stream }) => stream.connection === 'reconnecting');
    expect(await command(desk, { kind: 'mute', streamId })).toMatchObject({
      error: { id: 'not-allowed', answers: 'moderate' },
    });
  });

  test('stop takes it off the wall and leaves the phone in the room', async () => {
    const { desk, phone, streamId } = await liveRoom();
    await command(desk, { kind: 'stop', streamId });
    const removed = { type: 'stream-removed', streamId, reason: 'stopped-by-operator' };
    expect(await phone.next('stream-removed')).toEqual(removed);
    expect(await desk.next('stream-removed')).toEqual(removed);
    expect(await isStillIn(phone)).toBe(true);
    await phone.publish();
  });

  test('remove sends the phone away; its link brings it back', async () => {
    const { room, desk, phone, streamId, deviceKey } = await liveRoom();
    await command(desk, { kind: 'remove', target: { streamId } });
    expect(await phone.next('stream-removed')).toMatchObject({ reason: 'removed' });
    expect(await phone.closed).toBe(4013);
    expect(await room.server.health()).toMatchObject({ clients: 1, streams: 0, sessions: 0 });
    expect(await room.refused('streamer', { resumeToken: phone.resumeToken }, phone.id)).toEqual(
      expect.objectContaining({ id: 'key-required' }),
    );
    await (await room.phone({ deviceKey }, phone.id)).publish();
  });

  test('a phone that was away when it was removed is told when it comes back', async () => {
    const { room, desk, phone, streamId } = await liveRoom();
    phone.vanish();
    await desk.next('stream-updated', ({ stream }) => stream.connection === 'reconnecting');
    await command(desk, { kind: 'remove', target: { streamId } });
    const credentials = { resumeToken: phone.resumeToken, key: room.phoneKey };
    expect(await room.refused('streamer', credentials, phone.id)).toMatchObject({ code: 4013 });
    await room.phone({}, phone.id);
  });
});

describe('block', () => {
  test('keeps the device out in every tab, also over a restart, until it is unblocked', async () => {
    const { room, desk, phone, streamId, deviceKey } = await liveRoom();
    const otherTab = await room.phone({ deviceKey });
    await command(desk, { kind: 'block', target: { streamId } });
    expect(await phone.closed).toBe(4012);
    expect(await otherTab.closed).toBe(4012);
    const knock = { key: room.phoneKey, deviceKey };
    expect(await room.refused('streamer', knock)).toMatchObject({ id: 'blocked', code: 4012 });
    await room.phone();

    const later = await room.restart();
    expect(await later.refused('streamer', knock)).toMatchObject({ id: 'blocked' });
    const { blocked } = await (await later.operator()).next('room');
    expect(blocked).toMatchObject([{ label: 'Door' }]);
    const { deviceId } = blocked[0]!;
    const second = await later.operator();
    expect(await command(second, { kind: 'unblock', deviceId })).toMatchObject({ ok: true });
    await later.phone({ deviceKey });
    expect(await command(second, { kind: 'unblock', deviceId })).toMatchObject({ ok: false });
  });

  test('is refused for what has no device key, and for the own device', async () => {
    const room = await TestRoom.open();
    const deviceKey = createSecret();
    const desk = await room.operator({ deviceKey });
    const nameless = await room.server.enter('streamer', { key: room.phoneKey });
    const own = await room.phone({ deviceKey });
    for (const { id } of [nameless, own]) {
      expect(await command(desk, { kind: 'block', target: { clientId: id } })).toMatchObject({
        error: { id: 'not-allowed' },
      });
    }
    expect(await isStillIn(nameless)).toBe(true);
    expect(await isStillIn(own)).toBe(true);
  });
});

test('a locked room keeps out phones that were turned away, or came and did nothing', async () => {
  const { room, desk } = await liveRoom();
  const idle = { key: room.phoneKey, deviceKey: createSecret() };
  await command(desk, { kind: 'set-room', hasLobby: true });
  const refused = { key: room.phoneKey, deviceKey: createSecret() };
  const phone = await room.phone(refused);
  askToPublish(phone);
  expect((await phone.next('admission')).state).toBe('waiting');
  await command(desk, { kind: 'refuse', clientId: phone.id });
  await room.phone(idle);
  await command(desk, { kind: 'set-room', isLocked: true });
  for (const knock of [refused, idle]) {
    expect(await room.refused('streamer', knock)).toMatchObject({ id: 'room-locked' });
  }
});

test('who is in a locked room and starts to stream there may come back', async () => {
  const { room, desk } = await liveRoom();
  const own = { deviceKey: createSecret() };
  const phone = await room.phone(own);
  await command(desk, { kind: 'set-room', isLocked: true });
  const knock = { key: room.phoneKey, ...own };
  expect(await room.refused('streamer', knock)).toMatchObject({ id: 'room-locked' });
  await phone.publish();
  await room.phone(own);
});

test('what could not be saved is done and said so, and saved as soon as it can be', async () => {
  const { room, desk } = await liveRoom();
  const file = path.join(room.dataDir, 'access.json');
  rmSync(file);
  // A folder in the file's place: even root cannot write there.
  mkdirSync(file);
  const locked = { kind: 'set-room', isLocked: true } as const;
  expect(await command(desk, locked)).toMatchObject({
    ok: true,
    warning: expect.stringContaining('could not be saved') as string,
  });
  expect((await desk.next('room', ({ isLocked }) => isLocked)).isLocked).toBe(true);
  rmSync(file, { recursive: true });
  expect(await command(desk, locked)).toEqual({ ok: true, key: undefined, warning: undefined });
  expect(readFileSync(file, 'utf8')).toContain('"isLocked": true');
});

test('a locked room lets in operators and who was in before, nobody else', async () => {
  const { room, desk, phone, deviceKey } = await liveRoom();
  const viewerKey = (await (await room.operator()).next('room')).keys?.viewer ?? '';
  await command(desk, { kind: 'set-room', isLocked: true });
  await desk.next('room', ({ isLocked }) => isLocked);
  const locked = { id: 'room-locked', code: 4014 };
  expect(await room.refused('streamer', { key: room.phoneKey })).toMatchObject(locked);
  expect(await room.refused('viewer', { key: viewerKey })).toMatchObject(locked);
  await room.operator();
  phone.vanish();
  await room.server.join('streamer', phone.id, phone.resumeToken);
  await room.phone({ deviceKey });
  const later = await room.restart();
  expect(await later.refused('streamer', { key: later.phoneKey })).toMatchObject(locked);
  await later.phone({ deviceKey });
  await command(await later.operator(), { kind: 'set-room', isLocked: false });
  await later.phone();
});

const ID = randomUUID();
const COMMANDS: Command[] = [
  { kind: 'rename', streamId: ID, label: 'x' },
  { kind: 'mute', streamId: ID },
  { kind: 'stop', streamId: ID },
  { kind: 'remove', target: { clientId: ID } },
  { kind: 'block', target: { streamId: ID } },
  { kind: 'unblock', deviceId: ID },
  { kind: 'admit', clientId: ID },
  { kind: 'refuse', clientId: ID },
  { kind: 'set-room', isLocked: true },
  { kind: 'rotate-key', role: 'operator', evict: true },
  { kind: 'invite', role: 'operator', name: 'Me' },
  { kind: 'revoke', invitationId: ID, evict: true },
];

describe('who is no operator', () => {
  test('commands nothing and is told nothing of the room', async () => {
    const { room, desk, phone } = await liveRoom();
    const viewer = await room.viewer();
    for (const client of [viewer, phone]) {
      for (const wanted of COMMANDS) {
        expect(await command(client, wanted)).toMatchObject({
          error: { id: 'not-allowed', message: 'Only operators may do this.' },
        });
      }
    }
    expect(await command(desk, { kind: 'set-room', hasLobby: true })).toMatchObject({ ok: true });
    await desk.next('room', ({ hasLobby }) => hasLobby);
    for (const client of [viewer, phone]) {
      await client.settle();
      const heard = client.frames.map((frame) => (JSON.parse(frame) as { type: string }).type);
      expect(heard).not.toContain('room');
      expect(heard).not.toContain('people');
      expect(heard).not.toContain('join-addresses');
    }
  });

  test('watches as a viewer, which its phone is told', async () => {
    const { room, desk, phone, streamId } = await liveRoom();
    const viewer = await room.viewer();
    await viewer.subscribe(streamId);
    expect((await phone.next('session-opened')).session.peerRole).toBe('viewer');
    await desk.subscribe(streamId);
    expect((await phone.next('session-opened')).session.peerRole).toBe('operator');
  });
});

test('operators see who watches what, and can remove them, but not themselves', async () => {
  const { room, desk, streamId } = await liveRoom();
  const viewer = await room.viewer({ device: { kind: 'computer', platform: 'Linux' } });
  await viewer.subscribe(streamId);
  const people = await desk.next('people', ({ watchers }) =>
    watchers.some(({ clientId, watching }) => clientId === viewer.id && watching === 1),
  );
  expect(people.watchers).toContainEqual(
    expect.objectContaining({
      clientId: viewer.id,
      role: 'viewer',
      device: { kind: 'computer', platform: 'Linux' },
      address: '127.0.0.1',
    }),
  );
  await command(desk, { kind: 'remove', target: { clientId: viewer.id } });
  expect(await viewer.closed).toBe(4013);
  await desk.next('people', ({ watchers }) => watchers.every((one) => one.clientId !== viewer.id));
  expect(await command(desk, { kind: 'remove', target: { clientId: desk.id } })).toMatchObject({
    error: { id: 'not-allowed' },
  });
  const unknown = { kind: 'remove', target: { clientId: randomUUID() } } as const;
  expect(await command(desk, unknown)).toMatchObject({ error: { id: 'unknown-client' } });
});
