/** What has to be true of a world that is quiet, and how to bring everybody back into it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { Role } from '../../protocol/fields';
import type { SessionInfo } from '../../protocol/messages';
import type { Actor } from './actor';
import type { FrameSpec } from './frames';
import type { Health, ServerUnderTest } from './server-under-test';
import type { World } from './world';

/** Ways back that an actor tries before something must be wrong. */
const MAX_TRIES = 6;

/** Time that counts have to become what they should be, in milliseconds. */
const SETTLE_TIMEOUT_MS = 5_000;

/** Time between two looks, in milliseconds. */
const LOOK_MS = 20;

const savedRoomSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    keys: v.object({ operator: v.string(), viewer: v.string(), phone: v.string() }),
  }),
);

/** Brings everybody in, and the room to a known state. */
export async function muster(world: World, server: ServerUnderTest): Promise<void> {
  await world.flush();
  if (server.operatorKey !== '') await learnKeys(world, server);
  await bringIn(world, server, 'operator');
  await world.command({ kind: 'set-room', isLocked: false });
  await bringIn(world, server, 'viewer');
  await bringIn(world, server, 'phone');
  await world.quiet();
}

async function bringIn(world: World, server: ServerUnderTest, role: Role): Promise<void> {
  const absent = world.actors.filter((actor) => actor.role === role && !actor.isIn);
  for (const actor of absent) {
    for (let tries = 0; !actor.isIn; tries += 1) {
      if (tries === MAX_TRIES) {
        throw new Error(`${actor.name} cannot come in: ${actor.client?.errors.join() ?? ''}`);
      }
      await tryToEnter(world, server, actor, tries);
    }
  }
}

async function tryToEnter(
  world: World,
  server: ServerUnderTest,
  actor: Actor,
  tries: number,
): Promise<void> {
  // Whoever comes in afresh may have come in before, and is then not known by its old id.
  // An outdated key is held for seconds before it is refused.
  const isHeld = actor.client?.isGreeting === true;
  const client = actor.enter(tries === 0 && !isHeld ? 'resume' : 'fresh');
  await client.until(() => client.welcome !== undefined || client.errors.length > 0);
  if (client.errors.includes('blocked')) actor.changeDevice();
  // Where many wrong keys are tried, a refusal may come without a word.
  if (client.welcome === undefined && server.operatorKey !== '') await learnKeys(world, server);
}

/** The keys of the links as they are now, from where an operator of a real server finds them. */
async function learnKeys(world: World, server: ServerUnderTest): Promise<void> {
  const text = await readFile(path.join(server.dataDir, 'access.json'), 'utf8');
  const { keys } = v.parse(savedRoomSchema, text);
  for (const role of ['operator', 'viewer', 'phone'] as const) world.learnKey(role, keys[role]);
}

/**
 * Looks at everything that must be true when all actors are in and nothing goes on any more.
 * @throws Error that says what is not as it has to be
 */
export async function checkWorld(world: World, server: ServerUnderTest): Promise<void> {
  await becomes('the counts', async () => countProblem(world, await server.health()));
  for (const actor of world.actors) await checkBelief(actor);
  await world.quiet();
  failOnProblems(world);
}

/** @throws Error when somebody heard what was not for it, or the server is gone */
export function failOnProblems(world: World): void {
  if (world.witness.problems.length > 0) throw new Error(world.witness.problems.join('\n'));
}

/**
 * Sends frames one at a time and looks what each refused one has changed: nothing.
 * @returns how many were refused
 */
export async function checkRefusals(
  world: World,
  server: ServerUnderTest,
  frames: readonly { readonly frame: FrameSpec; readonly who: number }[],
): Promise<number> {
  let refused = 0;
  for (const { frame, who } of frames) {
    const before = await snapshot(world, server);
    const actor = world.sendNow(frame, who, false);
    const client = actor?.client;
    if (client === undefined) continue;
    const heardBefore = client.heardCount - client.newsCount;
    const errorsBefore = client.errors.length;
    await world.settle();
    const isRefused = client.errors.length > errorsBefore && client.isOpen;
    if (!isRefused) {
      await muster(world, server);
      // Whoever had to come in afresh is still remembered by its old id, and will be forgotten.
      await becomes('the counts', async () => countProblem(world, await server.health()));
      await world.quiet();
      continue;
    }
    refused += 1;
    const after = await snapshot(world, server);
    const extra = client.heardCount - client.newsCount - heardBefore - 1;
    if (after !== before || extra !== 0) {
      const { message, mutation } = frame;
      const what = JSON.stringify({ message, mutation, before, after, extra });
      throw new Error(`A refused message of ${client.name} had an effect: ${what}`);
    }
  }
  failOnProblems(world);
  return refused;
}

/** Everybody leaves for good. */
export async function disperse(world: World, server: ServerUnderTest): Promise<void> {
  for (const { client } of world.present) client?.send({ type: 'bye' });
  await becomes('an empty server', async () => {
    const { clients, streams, sessions } = await server.health();
    return clients + streams + sessions === 0 ? undefined : `${clients} ${streams} ${sessions}`;
  });
}

/** All that anybody knows, as one text. What an actor hears by itself is looked at apart. */
async function snapshot(world: World, server: ServerUnderTest): Promise<string> {
  const { clients, streams, sessions } = await server.health();
  const seen = world.actors.map(({ client }) => {
    if (client === undefined) return [];
    const { heardCount, newsCount, errors, room } = client;
    const settled = [room?.keys, room?.hasLobby, room?.isLocked, room?.blocked.length];
    return [
      client.streams.size,
      client.sessions.size,
      heardCount - newsCount - errors.length,
      settled,
    ];
  });
  return JSON.stringify({ clients, streams, sessions, seen });
}

function countProblem({ actors }: World, health: Health): string | undefined {
  const streams = actors.find(({ role }) => role === 'operator')?.client?.streams;
  const counted = [...(streams?.values() ?? [])].reduce(
    (sum, { viewerCount }) => sum + viewerCount,
    0,
  );
  const watched = sessionsOf(actors.filter(({ role }) => role !== 'phone'));
  const published = sessionsOf(actors.filter(({ role }) => role === 'phone'));
  const facts = {
    clients: [health.clients, actors.length],
    streams: [health.streams, streams?.size],
    'viewers of all streams': [health.sessions, counted],
    'sessions of viewers': [health.sessions, watched.length],
    'sessions of phones': [health.sessions, published.length],
  };
  const wrong = Object.entries(facts).filter(([, [one, other]]) => one !== other);
  if (wrong.length > 0) return JSON.stringify(Object.fromEntries(wrong));
  return pairProblem(watched, published);
}

/** Both ends of every session know it, and no one else. */
function pairProblem(
  watched: readonly SessionInfo[],
  published: readonly SessionInfo[],
): string | undefined {
  const ends = [...watched, ...published].map(({ sessionId, streamId }) => sessionId + streamId);
  const pairs = new Set(ends);
  if (pairs.size * 2 === ends.length && pairs.size === watched.length) return undefined;
  return 'The ends of the sessions do not fit each other.';
}

function sessionsOf(actors: readonly Actor[]): SessionInfo[] {
  return actors.flatMap(({ client }) => [...(client?.sessions.values() ?? [])]);
}

/** What a page has heard is what it would be told anew. */
async function checkBelief(actor: Actor): Promise<void> {
  const before = beliefOf(actor);
  const room = actor.client?.room;
  const client = actor.enter('resume');
  await client.until(() => client.welcome !== undefined || client.errors.length > 0);
  if (client.welcome?.resumed !== true) throw new Error(`${actor.name} was not resumed.`);
  await client.settle();
  const after = beliefOf(actor);
  if (after !== before) {
    throw new Error(`${actor.name} believed ${before} and would be told ${after}`);
  }
  if (actor.role === 'operator' && room !== undefined) {
    await client.until(() => client.room !== undefined);
    const [known, told] = [JSON.stringify(room), JSON.stringify(client.room)];
    if (told !== known) throw new Error(`${actor.name} knew the room ${known}; it is ${told}`);
  }
}

function beliefOf({ client }: Actor): string {
  const sorted = <T>(map: ReadonlyMap<string, T> | undefined): [string, T][] =>
    [...(map ?? [])].sort(([one], [other]) => one.localeCompare(other));
  return JSON.stringify({ streams: sorted(client?.streams), sessions: sorted(client?.sessions) });
}

async function becomes(what: string, look: () => Promise<string | undefined>): Promise<void> {
  const deadline = performance.now() + SETTLE_TIMEOUT_MS;
  for (;;) {
    const problem = await look();
    if (problem === undefined) return;
    if (performance.now() > deadline) throw new Error(`Of ${what} this is wrong: ${problem}`);
    await new Promise((wake) => setTimeout(wake, LOOK_MS));
  }
}
