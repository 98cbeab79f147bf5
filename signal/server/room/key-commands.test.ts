/** Changing keys and inviting, from outside: a real server, real sockets. */
import { describe, expect, test } from 'vitest';
import { createSecret } from '../access/secrets';
import { keyIn, startServer } from '../testing/test-server';
import { command, isStillIn, TestRoom } from '../testing/test-room';

describe('a new link', () => {
  test('lets who came by the old one stay and tells them, also over a restart', async () => {
    const room = await TestRoom.open();
    const oldKey = room.phoneKey;
    const desk = await room.operator();
    const phone = await room.phone();
    const away = await room.phone();
    away.vanish();
    await command(desk, { kind: 'rotate-key', role: 'phone', evict: false });
    const { key } = await phone.next('key-renewed');
    expect(key).not.toBe(oldKey);
    expect((await desk.next('room', ({ keys }) => keys?.phone === key)).keys?.phone).toBe(key);
    const { joinAddresses } = await desk.next('join-addresses');
    expect(joinAddresses.map(({ url }) => keyIn(url))).toEqual([key]);
    expect(await room.refused('streamer', { key: oldKey })).toMatchObject({ code: 4011 });
    const back = await room.server.join('streamer', away.id, away.resumeToken);
    expect((await back.next('key-renewed')).key).toBe(key);

    const later = await room.restart();
    expect(later.phoneKey).toBe(key);
    await later.phone({ key });
    expect(await later.refused('streamer', { key: oldKey })).toMatchObject({ code: 4011 });
  });

  test('sends away who came by the old one, but not the operator who asked', async () => {
    const room = await TestRoom.open();
    const desk = await room.operator();
    const other = await room.operator();
    const phone = await room.phone();
    const guestKey = await command(desk, { kind: 'invite', role: 'operator', name: 'Ann' });
    const guest = await room.server.enter('viewer', { key: guestKey.ok ? guestKey.key! : '' });
    const answer = await command(desk, { kind: 'rotate-key', role: 'operator', evict: true });
    expect(answer).toEqual({ ok: true, key: undefined });
    const { key } = await desk.next('key-renewed');
    expect(await other.closed).toBe(4013);
    for (const client of [desk, phone, guest]) expect(await isStillIn(client)).toBe(true);
    const credentials = { resumeToken: other.resumeToken, key: room.operatorKey };
    expect(await room.refused('viewer', credentials, other.id)).toMatchObject({ code: 4011 });

    const later = await room.restart();
    expect(later.operatorKey).toBe(key);
    await later.operator({ key });
  });

  test('of the phones sends those away who stream', async () => {
    const room = await TestRoom.open();
    const desk = await room.operator();
    const phone = await room.phone();
    await phone.publish();
    await command(desk, { kind: 'rotate-key', role: 'phone', evict: true });
    expect(await phone.closed).toBe(4013);
    expect(await desk.next('stream-removed')).toMatchObject({ reason: 'removed' });
  });
});

describe('an invitation', () => {
  test('lets in by its role, counts devices, and shows by whom they were invited', async () => {
    const room = await TestRoom.open();
    const desk = await room.operator();
    const request = { kind: 'invite', role: 'viewer', name: 'Ann', maxUses: 1 } as const;
    const made = await command(desk, request);
    const key = made.ok ? made.key! : '';
    const deviceKey = createSecret();
    const ann = await room.server.connect('viewer');
    expect(await ann.hello({ key, deviceKey })).toMatchObject({ role: 'viewer' });
    await room.server.enter('viewer', { key, deviceKey });
    await desk.next('people', ({ watchers }) => watchers.some((one) => one.invitation === 'Ann'));
    const { invitations } = await desk.next('room', (one) => one.invitations[0]?.uses === 1);
    expect(invitations).toMatchObject([{ name: 'Ann', maxUses: 1, uses: 1 }]);
    const refused = await room.refused('viewer', { key, deviceKey: createSecret() });
    expect(refused.message).toContain('used up');
    const asPhone = await room.refused('streamer', { key });
    expect(asPhone).toMatchObject({ id: 'key-refused' });

    const later = await room.restart();
    await later.server.enter('viewer', { key, deviceKey });
    const { invitationId } = invitations[0]!;
    const again = await later.operator();
    expect(await command(again, { kind: 'revoke', invitationId, evict: true })).toMatchObject({
      ok: true,
    });
    expect(await later.refused('viewer', { key, deviceKey })).toMatchObject({ code: 4011 });
  });

  test('that is revoked sends its guests away only if the operator says so', async () => {
    const room = await TestRoom.open();
    const desk = await room.operator();
    const guests = [];
    for (const name of ['Ann', 'Bob']) {
      const made = await command(desk, { kind: 'invite', role: 'phone', name });
      guests.push(await room.phone({ key: made.ok ? made.key! : '' }));
    }
    const [ann, bob] = guests;
    const { invitations } = await desk.next('room', (one) => one.invitations.length === 2);
    for (const { invitationId, name } of invitations) {
      await command(desk, { kind: 'revoke', invitationId, evict: name === 'Ann' });
    }
    expect(await ann!.closed).toBe(4013);
    expect(await isStillIn(bob!)).toBe(true);
  });
});

test('an open room has no keys to change', async () => {
  const server = await startServer();
  const desk = await server.join('viewer');
  expect(await desk.next('room')).toMatchObject({ access: 'open' });
  for (const wanted of [
    { kind: 'rotate-key', role: 'phone', evict: false },
    { kind: 'invite', role: 'viewer', name: 'Ann' },
  ] as const) {
    expect(await command(desk, wanted)).toMatchObject({ error: { id: 'not-allowed' } });
  }
});
