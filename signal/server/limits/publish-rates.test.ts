import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { askToPublish, command, TestRoom } from '../testing/test-room';
import { startServer } from '../testing/test-server';
import { PublishRates } from './publish-rates';

test('a client has a few streams at once, and one each second from then on', () => {
  const rates = new PublishRates({ publishBurst: 3, publishesPerSecond: 1, maxStreams: 5 });
  const client = { address: '192.168.1.7' };
  const answers = [0, 0, 0, 0, 500, 1_000, 1_001].map((nowMs) => rates.take(client, nowMs));
  expect(answers).toEqual([true, true, true, false, false, true, false]);
});

test('coming back as another client is no way around it for long', () => {
  const rates = new PublishRates({ publishBurst: 3, publishesPerSecond: 1, maxStreams: 5 });
  const lucky = Array.from({ length: 60 }, () => rates.take({ address: '192.168.1.7' }, 0));
  expect(lucky.filter(Boolean)).toHaveLength(30);
  expect(rates.take({ address: '192.168.1.8' }, 0)).toBe(true);
});

test('a wall full of phones may come at once, however large it is', () => {
  const rates = new PublishRates({ publishBurst: 3, publishesPerSecond: 1, maxStreams: 400 });
  const phones = Array.from({ length: 400 }, () => rates.take({ address: '192.168.1.7' }, 0));
  expect(phones.every(Boolean)).toBe(true);
});

test('a phone that comes back to its own stream, or to its place in the lobby, is never refused', async () => {
  const room = await TestRoom.open({}, { publishBurst: 1, publishesPerSecond: 1e-6 });
  const desk = await room.operator();
  const phone = await room.phone();
  const streamId = await phone.publish();
  await command(desk, { kind: 'set-room', hasLobby: true });
  const waiting = await room.phone();
  const wanted = askToPublish(waiting);
  for (let count = 0; count < 5; count += 1) {
    askToPublish(phone, streamId);
    askToPublish(waiting, wanted);
  }
  for (const client of [phone, waiting]) {
    await client.settle();
    expect(client.inbox.filter(({ type }) => type === 'error')).toEqual([]);
  }
});

test('a phone that comes and goes is refused, and its console hears no more of it', async () => {
  const server = await startServer({ limits: { publishBurst: 2, publishesPerSecond: 1e-6 } });
  const wall = await server.join('viewer');
  const phone = await server.join('streamer');
  for (let count = 0; count < 2; count += 1) {
    const streamId = await phone.publish();
    phone.send({ type: 'unpublish', streamId });
  }
  phone.send({
    type: 'publish',
    streamId: randomUUID(),
    label: 'Door',
    device: { kind: 'phone' },
    capture: { state: 'active', hasAudio: false, microphoneMuted: true },
  });
  expect(await phone.next('error')).toMatchObject({ id: 'too-many-streams', answers: 'publish' });
  await wall.settle();
  expect(wall.inbox.filter(({ type }) => type === 'stream-added')).toHaveLength(2);
  expect(await server.health()).toMatchObject({ streams: 0, refusals: { streams: 1 } });
});
