/** The lobby from outside: a real server, real sockets. */
import { expect, test } from 'vitest';
import { createSecret } from '../access/secrets';
import { askToPublish, command, TestRoom } from '../testing/test-room';
import type { TestClient } from '../testing/test-server';

const PICTURE = '/9j/4AAQSkZJRg==';

async function withLobby() {
  const room = await TestRoom.open();
  const desk = await room.operator();
  await command(desk, { kind: 'set-room', hasLobby: true });
  return { room, desk };
}

async function waits(phone: TestClient): Promise<void> {
  expect((await phone.next('admission')).state).toBe('waiting');
}

function listed(desk: TestClient, count: number) {
  return desk.next('people', ({ waitingCount }) => waitingCount === count);
}

test('a new phone waits with name and picture, and is put on the wall when admitted', async () => {
  const { room, desk } = await withLobby();
  const deviceKey = createSecret();
  const phone = await room.phone({ deviceKey });
  const streamId = askToPublish(phone);
  await waits(phone);
  const { waiting } = await listed(desk, 1);
  expect(waiting).toMatchObject([{ clientId: phone.id, label: 'Door', address: '127.0.0.1' }]);
  expect(await room.server.health()).toMatchObject({ streams: 0 });
  phone.send({ type: 'lobby-picture', picture: PICTURE });
  const shown = { type: 'waiting-picture', clientId: phone.id, picture: PICTURE };
  expect(await desk.next('waiting-picture')).toEqual(shown);
  const late = await room.operator();
  expect(await late.next('waiting-picture')).toEqual(shown);

  await command(desk, { kind: 'admit', clientId: phone.id });
  expect((await phone.next('admission')).state).toBe('admitted');
  expect((await phone.next('stream-added')).stream.streamId).toBe(streamId);
  await desk.next('stream-added');
  await listed(desk, 0);

  // The same device does not wait again: as a new page, nor after a restart.
  const again = await room.phone({ deviceKey });
  askToPublish(again);
  expect((await again.next('admission')).state).toBe('admitted');
  const later = await room.restart();
  await (await later.phone({ deviceKey })).publish();
  const stranger = await later.phone();
  askToPublish(stranger);
  await waits(stranger);
});

test('a phone that is turned away asks again in vain at first, from another tab too', async () => {
  const { room, desk } = await withLobby();
  const deviceKey = createSecret();
  const phone = await room.phone({ deviceKey });
  const streamId = askToPublish(phone);
  await waits(phone);
  await command(desk, { kind: 'refuse', clientId: phone.id });
  expect((await phone.next('admission')).state).toBe('refused');
  const otherTab = await room.phone({ deviceKey });
  for (const client of [phone, otherTab]) {
    askToPublish(client, streamId);
    expect(await client.next('error')).toMatchObject({ id: 'not-admitted', streamId });
  }
  expect(await command(desk, { kind: 'admit', clientId: phone.id })).toMatchObject({
    error: { id: 'unknown-client' },
  });
});

test('a phone that reloads or reconnects goes on waiting, one that leaves does not', async () => {
  const { room, desk } = await withLobby();
  const phone = await room.phone();
  const streamId = askToPublish(phone);
  await waits(phone);
  const { waiting } = await listed(desk, 1);
  phone.vanish();
  const back = await room.server.join('streamer', phone.id, phone.resumeToken);
  askToPublish(back, streamId);
  await waits(back);
  const fresh = await room.operator();
  expect((await fresh.next('people')).waiting[0]?.waitingSince).toBe(waiting[0]?.waitingSince);
  back.send({ type: 'update-stream', streamId, label: 'Roof' });
  await desk.next('people', (people) => people.waiting[0]?.label === 'Roof');
  back.send({ type: 'unpublish', streamId });
  await listed(desk, 0);
  askToPublish(back, streamId);
  await listed(desk, 1);
  back.send({ type: 'bye' });
  await listed(desk, 0);
});

test('a phone that is admitted while it is away is on the wall when it returns', async () => {
  const { room, desk } = await withLobby();
  const phone = await room.phone();
  const streamId = askToPublish(phone);
  await waits(phone);
  phone.vanish();
  expect(await command(desk, { kind: 'admit', clientId: phone.id })).toMatchObject({ ok: true });
  const back = await room.server.connect('streamer', phone.id);
  const { streams } = await back.hello(phone.resumeToken);
  expect(streams).toMatchObject([{ streamId, label: 'Door' }]);
});

test('without a device key a phone is admitted for this time only', async () => {
  const { room, desk } = await withLobby();
  const enter = () => room.server.enter('streamer', { key: room.phoneKey });
  const phone = await enter();
  const streamId = askToPublish(phone);
  await waits(phone);
  await command(desk, { kind: 'admit', clientId: phone.id });
  await phone.next('stream-added');
  phone.send({ type: 'unpublish', streamId });
  await phone.publish();
  const other = await enter();
  askToPublish(other);
  await waits(other);
});

test('who is in when the lobby opens is known, and who waits when it closes comes in', async () => {
  const room = await TestRoom.open();
  const desk = await room.operator();
  const deviceKey = createSecret();
  const early = await room.phone({ deviceKey });
  const streamId = await early.publish();
  await command(desk, { kind: 'set-room', hasLobby: true });
  early.send({ type: 'unpublish', streamId });
  await early.publish();
  await (await room.phone({ deviceKey })).publish();

  const lateKey = createSecret();
  const late = await room.phone({ deviceKey: lateKey });
  const lateStream = askToPublish(late);
  await waits(late);
  await command(desk, { kind: 'set-room', hasLobby: false });
  expect((await late.next('admission')).state).toBe('admitted');
  expect((await late.next('stream-added')).stream.streamId).toBe(lateStream);
  await command(desk, { kind: 'set-room', hasLobby: true });
  await (await room.phone({ deviceKey: lateKey })).publish();
});

test('pictures come from phones that wait, one a second, and go to operators only', async () => {
  const { room, desk } = await withLobby();
  const viewer = await room.viewer();
  viewer.send({ type: 'lobby-picture', picture: PICTURE });
  expect(await viewer.next('error')).toMatchObject({ id: 'not-allowed' });
  const phone = await room.phone();
  phone.send({ type: 'lobby-picture', picture: PICTURE });
  askToPublish(phone);
  await waits(phone);
  for (let shown = 0; shown < 5; shown += 1) {
    phone.send({ type: 'lobby-picture', picture: PICTURE });
  }
  await phone.settle();
  await desk.settle();
  await viewer.settle();
  const pictures = ({ inbox }: TestClient) => inbox.filter((one) => one.type === 'waiting-picture');
  expect(pictures(desk)).toHaveLength(1);
  expect(pictures(viewer)).toEqual([]);
  expect(phone.inbox).toEqual([]);
});
