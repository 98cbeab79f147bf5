/** What a server that lives through everything says, shows and keeps: never a secret. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { command, TestRoom } from '../testing/test-room';
import { createSecret } from './secrets';

test('no secret is in the log, the audit log, the health report or an error', async () => {
  const room = await TestRoom.open({ logLevel: 'trace' });
  const { server, dataDir, phoneKey, operatorKey } = room;
  const [deviceKey, wrongKey] = [createSecret(), createSecret()];
  const desk = await room.operator();
  const { keys } = await desk.next('room');
  const phone = await room.phone({ deviceKey });
  await desk.subscribe(await phone.publish());
  const refusals = [
    await room.refused('streamer', { key: wrongKey, deviceKey }),
    await room.refused('viewer', { key: phoneKey }),
    await room.refused('streamer', { key: phoneKey, resumeToken: wrongKey }, phone.id),
  ];
  const invited = await command(desk, { kind: 'invite', role: 'viewer', name: 'Ann' });
  const invitationKey = invited.ok ? invited.key! : '';
  await server.enter('viewer', { key: invitationKey });
  await command(desk, { kind: 'rotate-key', role: 'viewer', evict: true });
  await command(desk, { kind: 'rotate-key', role: 'phone', evict: false });
  const renewed = (await phone.next('key-renewed')).key;
  await command(desk, { kind: 'block', target: { clientId: phone.id } });
  const health = JSON.stringify(await server.health());
  await server.close();

  const audit = readFileSync(path.join(dataDir, 'audit.jsonl'), 'utf8');
  const kept = readFileSync(path.join(dataDir, 'access.json'), 'utf8');
  for (const event of ['client-joined', 'client-refused', 'invitation-used', 'key-rotated']) {
    expect(audit).toContain(`"event":"${event}"`);
  }
  expect(audit).toContain('"event":"blocked"');
  expect(server.log.length).toBeGreaterThan(5);
  const public_ = [...server.log, audit, health, JSON.stringify(refusals)].join('\n');
  const hashed = { deviceKey, wrongKey, invitationKey, token: phone.resumeToken };
  const shown = { phoneKey, operatorKey, renewed, viewerKey: keys?.viewer ?? '' };
  for (const [name, secret] of Object.entries({ ...hashed, ...shown })) {
    expect(secret.length).toBeGreaterThan(20);
    expect([name, public_.includes(secret)]).toEqual([name, false]);
  }
  // Only links have to be shown again; of all else a hash will do.
  for (const [name, secret] of Object.entries(hashed)) {
    expect([name, kept.includes(secret)]).toEqual([name, false]);
  }
});
