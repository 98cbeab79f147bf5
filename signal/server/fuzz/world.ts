/** A room full of actors on one server, and what has to be true of it whenever it is quiet. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Role } from '../../protocol/fields';
import type { Command, RoomMessage } from '../../protocol/room-messages';
import { Actor, type Attempt, type Door } from './actor';
import type { FuzzClient } from './fuzz-client';
import { resolve, textOf, typeOf, type FrameSpec } from './frames';
import type { Reference } from './schema-arbitrary';
import type { ServerUnderTest } from './server-under-test';
import type { Step } from './steps';
import { Witness } from './witness';

/** Actors of each role. */
export type Cast = Readonly<Record<Role, number>>;

/** Frames between two waits for the server, so that neither end drowns in buffers. */
const FRAMES_AT_ONCE = 200;

/** Intrusions at once: each waits for its refusal, some on purpose for long. */
const MAX_ATTEMPTS = 12;

/**
 * Nothing heard for so long means that nothing is gathered any more, in milliseconds: news of the
 * room are held back for up to 100.
 */
const QUIET_MS = 130;

/** Messages that only one kind of client has a use for. */
const FITTING: Readonly<Record<string, readonly Role[]>> = {
  publish: ['phone'],
  'update-stream': ['phone'],
  unpublish: ['phone'],
  'lobby-picture': ['phone'],
  subscribe: ['viewer', 'operator'],
  unsubscribe: ['viewer', 'operator'],
  moderate: ['operator'],
};

interface Held {
  readonly due: number;
  readonly client: FuzzClient;
  readonly text: string;
}

/** See the head of this file. */
export class World implements Door {
  readonly witness = new Witness();
  readonly port: number;
  readonly actors: readonly Actor[];
  framesSent = 0;
  readonly #server: ServerUnderTest;
  readonly #keys = new Map<Role, string>();
  /** What was said of the room and has been taken in: it is news only once. */
  readonly #readRooms = new WeakSet<RoomMessage>();
  readonly #streamIds: string[] = [];
  readonly #attempts = new Set<Attempt>();
  #held: Held[] = [];
  #stepCount = 0;
  #framesSinceWait = 0;

  constructor(server: ServerUnderTest, cast: Cast) {
    this.#server = server;
    this.port = server.port;
    if (server.operatorKey !== '') this.#keys.set('operator', server.operatorKey);
    this.actors = (['operator', 'viewer', 'phone'] as const).flatMap((role) =>
      Array.from({ length: cast[role] }, (_, index) => new Actor(`${role}${index}`, role, this)),
    );
  }

  /** Actors that are in. */
  get present(): Actor[] {
    return this.actors.filter((actor) => actor.isIn);
  }

  keyOf(role: Role): string | undefined {
    for (const { client } of this.actors) {
      const room = client?.room;
      if (room?.keys === undefined || this.#readRooms.has(room)) continue;
      this.#readRooms.add(room);
      for (const [of, key] of Object.entries(room.keys)) {
        this.witness.keep(key, 'operator', of);
      }
      if (client?.isOpen !== true) continue;
      this.#keys.set('operator', room.keys.operator);
      this.#keys.set('viewer', room.keys.viewer);
      this.#keys.set('phone', room.keys.phone);
    }
    return this.#keys.get(role);
  }

  /** Takes the key that a role's link has by now, wherever it is known from. */
  learnKey(role: Role, key: string): void {
    this.#keys.set(role, key);
  }

  /** Does one step. */
  async run(step: Step): Promise<void> {
    this.#stepCount += 1;
    const due = this.#held.filter((held) => held.due <= this.#stepCount);
    if (due.length > 0) this.#held = this.#held.filter((held) => !due.includes(held));
    for (const { client, text } of due) this.#send(client, text);
    switch (step.do) {
      case 'say':
        this.#say(step);
        break;
      case 'drop':
        at(this.actors, step.who).client?.drop(step.how);
        break;
      case 'enter':
        at(this.#candidatesFor(step.who), step.who).enter(step.entrance);
        break;
      case 'intrude':
        if (this.#attempts.size >= MAX_ATTEMPTS) break;
        this.#attempts.add(
          at(this.actors, step.who).intrude(step.how, at(this.actors, step.victim)),
        );
        break;
    }
    if (this.#framesSinceWait >= FRAMES_AT_ONCE) await this.settle();
  }

  /** Sends one frame at once, and says by whom. */
  sendNow(frame: FrameSpec, who: number, isFitting: boolean): Actor | undefined {
    const actor = this.#speakerOf(frame, who, isFitting);
    if (actor?.client === undefined) return undefined;
    const text = this.#textOf(frame, actor);
    this.#send(actor.client, text, frame.mutation.kind === 'binary');
    return actor;
  }

  /** Waits until the server has handled everything that was sent. */
  async settle(): Promise<void> {
    this.#framesSinceWait = 0;
    const before = this.present;
    await Promise.all(before.flatMap(({ client }) => client?.settle() ?? []));
    this.framesSent += before.length;
    for (const attempt of this.#attempts) this.#judge(attempt);
    const failure = this.#server.failure;
    if (failure !== undefined) this.witness.accuse(failure);
  }

  /** Sends everything that was held back. */
  async flush(): Promise<void> {
    for (const { client, text } of this.#held.splice(0)) this.#send(client, text);
    await this.settle();
  }

  /** Waits until nobody hears anything any more. */
  async quiet(): Promise<void> {
    for (;;) {
      const before = this.#heardCount;
      await this.settle();
      // What one client made another hear was sent by now, and comes before that one's next answer,
      // however little of the processor is left for either.
      await this.settle();
      // The absence of news is what is looked at; it has no event of its own.
      await new Promise((wake) => setTimeout(wake, QUIET_MS));
      if (this.#heardCount === before) break;
    }
    this.witness.settle();
  }

  /** An operator that is in commands something. */
  async command(command: Command): Promise<void> {
    const operator = this.present.find(({ role }) => role === 'operator');
    operator?.client?.send({ type: 'moderate', requestId: randomUUID(), command });
    await operator?.client?.settle();
  }

  /** Breaks every socket off. Idempotent. */
  close(): void {
    for (const { client } of this.actors) client?.drop('break');
    for (const { client } of this.#attempts) client.drop('break');
  }

  get #heardCount(): number {
    return this.actors.reduce((sum, { client }) => sum + (client?.heardCount ?? 0), 0);
  }

  #say({ frame, who, isFitting, times, delay }: Extract<Step, { do: 'say' }>): void {
    const actor = this.#speakerOf(frame, who, isFitting);
    if (actor?.client === undefined) return;
    const text = this.#textOf(frame, actor);
    const isBinary = frame.mutation.kind === 'binary';
    for (let time = 0; time < times; time += 1) {
      // A late duplicate follows the frame itself.
      if (delay > 0 && (times === 1 || time > 0)) {
        this.#held.push({ due: this.#stepCount + delay, client: actor.client, text });
      } else this.#send(actor.client, text, isBinary);
    }
  }

  #send(client: FuzzClient, text: string, isBinary = false): void {
    if (!client.isOpen && !client.isConnected) return;
    if (!client.sendText(text, isBinary)) return;
    this.framesSent += 1;
    this.#framesSinceWait += 1;
  }

  /** Who comes in next: mostly somebody who is out, now and then somebody who is in already. */
  #candidatesFor(who: number): readonly Actor[] {
    const absent = this.actors.filter((actor) => !actor.isIn);
    return absent.length > 0 && who % 4 > 0 ? absent : this.actors;
  }

  /** Somebody was let in; that is wrong unless the place had become free just before. */
  #judge(attempt: Attempt): void {
    const { client, holder } = attempt;
    if (client.welcome !== undefined && (holder === undefined || holder.isOpen)) {
      this.witness.accuse(`${client.name} was let in without the right to be`);
    }
    if (client.welcome !== undefined || client.closeCode !== undefined) {
      this.#attempts.delete(attempt);
    }
  }

  #speakerOf(frame: FrameSpec, who: number, isFitting: boolean): Actor | undefined {
    const roles = isFitting ? FITTING[typeOf(frame.message)] : undefined;
    const all = this.present.filter(({ role }) => roles?.includes(role) ?? true);
    return all[who % Math.max(1, all.length)];
  }

  #textOf({ message, mutation }: FrameSpec, actor: Actor): string {
    const plain = resolve(message, (reference) => this.#meaningOf(reference, actor));
    return textOf(plain, mutation);
  }

  /** What an id or a secret in a frame is: mostly one that means something, sometimes not. */
  #meaningOf({ field, pick }: Reference, actor: Actor): string {
    const isWild = pick % 8 === 0;
    const choice = Math.floor(pick / 8);
    if (isWild) return field.endsWith('Id') ? randomUUID() : secret();
    return this.#known(field, choice, actor) ?? (field.endsWith('Id') ? randomUUID() : secret());
  }

  #known(field: string, choice: number, { client, role, clientId }: Actor): string | undefined {
    const rooms = this.actors.flatMap((actor) => actor.client?.room ?? []);
    switch (field) {
      case 'streamId': {
        const own = [...(this.witness.published.get(clientId) ?? [])];
        if (role === 'phone' && choice % 4 > 0 && own.length > 0) return own.at(-1);
        const known = [...(client?.streams.keys() ?? []), ...this.#streamIds.slice(-40)];
        if (role === 'phone' && known.length < 40) {
          const fresh = randomUUID();
          this.#streamIds.push(fresh);
          return fresh;
        }
        return known[choice % Math.max(1, known.length)];
      }
      case 'sessionId': {
        const isOwn = choice % 5 > 0;
        const from = isOwn ? [client] : this.present.map((actor) => actor.client);
        const known = from.flatMap((holder) => [...(holder?.sessions.keys() ?? [])]);
        return known[choice % Math.max(1, known.length)];
      }
      case 'clientId':
        return at(this.actors, choice).clientId;
      case 'deviceId': {
        const known = rooms.flatMap(({ blocked }) => blocked.map(({ deviceId }) => deviceId));
        return known[choice % Math.max(1, known.length)];
      }
      case 'invitationId': {
        const known = rooms.flatMap(({ invitations }) =>
          invitations.map(({ invitationId }) => invitationId),
        );
        return known[choice % Math.max(1, known.length)];
      }
      case 'key':
        return this.#keys.get(role);
      default:
        return undefined;
    }
  }
}

function secret(): string {
  return randomBytes(16).toString('base64url');
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length];
  if (found === undefined) throw new Error('Nobody is there.');
  return found;
}
