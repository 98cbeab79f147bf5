/**
 * A server lives through everything that has to do with secrets, logs at its most talkative, and is
 * searched for them afterwards: nothing that it wrote, printed, told or was asked may hold one.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { afterAll, expect, it } from 'vitest';
import { Intruder, type Disguise, type Place } from './harness/attacks/intruder';
import { openBrowser } from './harness/browsers';
import { PhonePage } from './harness/phone-page';
import { startServer, type SignalServer } from './harness/signal-server';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';
import { tapWire } from './harness/wire-tap';

const keysSchema = v.object({
  keys: v.object({ operator: v.string(), viewer: v.string(), phone: v.string() }),
});
const roomSchema = v.looseObject({
  invitations: v.array(v.looseObject({ invitationId: v.string() })),
});

/** Shared with no TURN server: nobody relays here. */
const TURN_SECRET = 'a-secret-shared-with-nobody';

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u;

const newSecret = (): string => randomBytes(16).toString('base64url');

const stage = useStage();
const dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-secrets-'));
const secrets = new Map<string, string>([['the TURN secret', TURN_SECRET]]);
const told: Intruder[] = [];
let place: Place;

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

function keep(name: string, secret: string): string {
  secrets.set(name, secret);
  return secret;
}

/** The keys of the links as they are now. */
function linkKeys(life: string) {
  const text = readFileSync(path.join(dataDir, 'access.json'), 'utf8');
  const { keys } = v.parse(keysSchema, JSON.parse(text));
  for (const [role, key] of Object.entries(keys)) keep(`the ${role} key ${life}`, key);
  return keys;
}

async function enter(name: string, disguise: Disguise): Promise<Intruder> {
  const client = new Intruder(place, disguise);
  told.push(client);
  const heard = await client.hears('welcome', 'error');
  if (heard?.type === 'welcome') {
    keep(`the resume token of ${name}`, String(heard['resumeToken']));
    const credentials = /"credential":"(?<credential>[^"]+)"/u.exec(JSON.stringify(heard));
    const credential = credentials?.groups?.['credential'];
    if (credential !== undefined) keep(`the TURN credential of ${name}`, credential);
  }
  return client;
}

async function command(operator: Intruder, what: object): Promise<Record<string, unknown>> {
  const requestId = randomUUID();
  operator.send({ type: 'moderate', requestId, command: what });
  return until(
    `an answer to ${JSON.stringify(what)}`,
    () => operator.heard.find((heard) => heard['requestId'] === requestId),
    (heard) => heard !== undefined,
  ).then((heard) => heard ?? {});
}

/** Keys that are wrong in every way, and never the server's own; they may be somebody else's. */
async function tryWrongKeys(life: string, keys: { phone: string; operator: string }) {
  const wrong = keep(`a wrong key ${life}`, newSecret());
  const tries: Disguise[] = [
    { clientType: 'viewer', key: wrong },
    { clientType: 'streamer', key: wrong },
    { clientType: 'viewer', key: keys.phone },
    { clientType: 'streamer', key: keys.operator },
    { clientType: 'viewer', resumeToken: keep(`a wrong token ${life}`, newSecret()) },
  ];
  // All at once: each wrong key of an address waits longer for its refusal than the last.
  await Promise.all(tries.map(async (disguise) => (await enter('nobody', disguise)).ends()));
  const broken = [
    { type: 'hello', protocolVersion: 1, key: [wrong] },
    { type: 'hello', protocolVersion: 1, key: `${wrong}=${keys.phone}` },
    { type: 'hello', protocolVersion: '1', key: keys.phone, deviceKey: wrong },
    { type: keys.phone, key: keys.phone },
    { type: 'subscribe', streamId: keys.phone },
  ];
  const early = await enter('a viewer in error', { clientType: 'viewer', key: keys.operator });
  for (const message of broken) early.send(message);
  early.socket.send(`{"type":"hello","key":"${keys.phone}`);
  early.send({ type: 'ping', sentAt: 1 });
  await early.hears('pong');
  early.leave();
}

/** Invitation, guest, both rotations, block: all that an operator can do with secrets. */
async function moderate(life: string): Promise<void> {
  const keys = linkKeys(`${life}, at first`);
  const operator = await enter(`the operator ${life}`, {
    clientType: 'viewer',
    key: keys.operator,
  });
  const done = await command(operator, { kind: 'invite', role: 'phone', name: 'Guests' });
  const invitation = keep(`the invitation ${life}`, String(done['key']));
  expect(invitation).not.toBe('undefined');
  const deviceKey = keep(`the guest's device key ${life}`, newSecret());
  const guestId = randomUUID();
  const disguise = { clientType: 'streamer', clientId: guestId, deviceKey } as const;
  const guest = await enter(`the guest ${life}`, { ...disguise, key: invitation });
  const again = await enter(`the guest again ${life}`, {
    ...disguise,
    resumeToken: String(guest.heard[0]?.['resumeToken']),
  });
  const capture = { state: 'active', hasAudio: false, microphoneMuted: false };
  const facts = { label: 'Guest', device: { kind: 'phone' }, capture };
  again.send({ type: 'publish', streamId: randomUUID(), ...facts });
  await again.hears('stream-added');
  await command(operator, { kind: 'block', target: { clientId: guestId } });
  expect(await again.ends()).toBe('closed 4012');
  await (await enter('the blocked guest', { ...disguise, key: invitation })).ends();
  for (const role of ['phone', 'viewer', 'operator'] as const) {
    await command(operator, { kind: 'rotate-key', role, evict: role === 'phone' });
    await tryWrongKeys(`${life}, ${role} key changed`, linkKeys(`${life}, ${role} changed`));
  }
  const room = operator.heard.findLast(({ type }) => type === 'room');
  for (const { invitationId } of v.parse(roomSchema, room).invitations) {
    await command(operator, { kind: 'revoke', invitationId, evict: true });
  }
  await (await enter('the guest with a revoked key', { ...disguise, key: invitation })).ends();
  operator.leave();
}

/** Both pages in real browsers, which might send what they should keep. */
async function openPages(server: SignalServer, tapPort: number): Promise<string[]> {
  const { phone, operator } = linkKeys('for the pages');
  const origin = `http://localhost:${tapPort}`;
  const page = await PhonePage.open(stage, `${origin}/stream#key=${phone}`, { phone: 1 });
  await page.start();
  const light = await PhonePage.open(stage, `${origin}/mobile-stream.html#key=${phone}`, {
    phone: 2,
  });
  await light.start();
  const { context } = await openBrowser(stage, { name: 'console' });
  const wall = await context.newPage();
  await wall.goto(`${origin}/live-streams#key=${operator}`);
  await until(
    'two tiles',
    () => wall.getByTestId('tile').count(),
    (count) => count === 2,
  );
  const pages = [page.page, light.page, wall];
  for (const one of pages) {
    const stored = await one.evaluate(() =>
      JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
    );
    for (const [, secret = ''] of stored.matchAll(/\\?"([\w-]{22,43})\\?"/gu)) {
      // Ids are no secrets: they are useless without their token.
      if (!UUID.test(secret)) keep(`what a page keeps (${secrets.size})`, secret);
    }
  }
  expect(server.url('stream')).toContain('#key=');
  return Promise.all(pages.map((one) => one.evaluate(() => location.href)));
}

it('keeps its secrets to itself through a whole life', { timeout: 180_000 }, async () => {
  const server = await startServer(stage, {
    access: 'keys',
    options: [
      ...['--data-dir', dataDir, '--log-level', 'trace', '--discovery', 'off'],
      ...['--turn', 'turn:relay.example:3478', '--turn-secret', TURN_SECRET],
    ],
  });
  const port = Number(new URL(server.url('stream')).port);
  place = { host: '127.0.0.1', port, isPlain: true };
  await moderate('before the restart');
  await server.stop();
  await server.start();
  await moderate('after the restart');
  const tap = await tapWire(stage, port);
  const addresses = await openPages(server, tap.port);
  const served = ['/healthz', '/metrics', '/nothing-here', '/access.json', '/../access.json'].map(
    async (place) => (await fetch(`http://127.0.0.1:${port}${place}`)).text(),
  );
  const places: Record<string, string> = {
    'what it served': (await Promise.all(served)).join('\n'),
    'an address bar': addresses.join('\n'),
    'what pages asked for': tap.sent(),
    'an error text': told
      .flatMap(({ heard }) => heard.filter(({ type }) => type === 'error'))
      .map(({ message }) => String(message))
      .join('\n'),
  };
  await server.kill();
  places['its log'] = server.logged;
  places['what it printed'] = server.printed;
  for (const file of readdirSync(dataDir)) {
    if (file !== 'access.json') places[file] = readFileSync(path.join(dataDir, file), 'utf8');
  }

  // The search finds something where there is something to be found.
  expect(Object.keys(places)).toContain('audit.jsonl');
  expect([...secrets.keys()].join()).toMatch(/TURN credential of the operator/u);
  for (const [name, text] of Object.entries(places)) {
    if (name !== 'what it printed') expect(`${name}: ${text.length > 0}`).toBe(`${name}: true`);
  }
  const access = readFileSync(path.join(dataDir, 'access.json'), 'utf8');
  const found = Object.entries(places).flatMap(([name, text]) => foundIn(name, text));
  expect(found).toEqual([]);
  // The room's file shows the links again; all else it keeps as hashes.
  const links = new Set([...secrets].flatMap(([name, key]) => (isLink(name) ? [key] : [])));
  const inFile = [...secrets].filter(([, secret]) => access.includes(secret) && !links.has(secret));
  expect(inFile.map(([name]) => name)).toEqual([]);
  console.log(`${secrets.size} secrets were looked for in ${Object.keys(places).join(', ')}`);
});

function isLink(name: string): boolean {
  return /^the (?:operator|viewer|phone) key /u.test(name);
}

function foundIn(place: string, text: string): string[] {
  return [...secrets]
    .filter(([, secret]) => text.includes(secret))
    .map(([name]) => `${name} is in ${place}`);
}
