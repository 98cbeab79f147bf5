/**
 * Where new phones wait until an operator decides. A phone in it is connected like any other; only
 * its stream is kept back, and put on the wall by the server itself. Pure: no sockets, no clock.
 */
import { MAX_LISTED_PEOPLE } from '../../protocol/limits';
import type { ClientMessage, ServerMessage } from '../../protocol/messages';
import { ok, type Result } from '../../protocol/result';
import type { WaitingPhone } from '../../protocol/room-messages';
import type { RoomBook } from '../access/room-book';
import { actorOf, audit } from '../audit/audit-effects';
import { PEOPLE_CHANGED, refuse, type Effect, type Outcome, type Refusal } from '../effects';
import type { Client, Roster } from '../roster';
import type { Wall } from '../wall';

type Message<T extends ClientMessage['type']> = Extract<ClientMessage, { type: T }>;
type Picture = Extract<ServerMessage, { type: 'waiting-picture' }>;

/** Time between two pictures of one phone that are passed on, in milliseconds. */
const PICTURE_INTERVAL_MS = 1_000;

/** The same for each phone that waits, so that a crowd sends consoles 20 pictures a second at most. */
const CROWDED_INTERVAL_MS = 50;

/** How long a phone that was refused may not ask again, in milliseconds. */
const REFUSAL_MS = 10_000;

interface Waiting {
  publish: Message<'publish'>;
  readonly since: number;
  picture: string | undefined;
  pictureAt: number;
}

/** See the head of this file. */
export class Lobby {
  readonly #roster: Roster;
  readonly #wall: Wall;
  readonly #book: RoomBook;
  /** By client, the longest waiting first. */
  readonly #waiting = new Map<string, Waiting>();
  /** When those who were refused may ask again; by device, or else by client. */
  readonly #refusedUntil = new Map<string, number>();

  constructor(roster: Roster, wall: Wall, book: RoomBook) {
    this.#roster = roster;
    this.#wall = wall;
    this.#book = book;
  }

  /** Phones that wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Phones that wait as operators see them, the longest waiting first. */
  get phones(): WaitingPhone[] {
    return [...this.#waiting].map(([clientId, { publish, since }]) => ({
      clientId,
      label: publish.label,
      device: publish.device,
      address: this.#roster.get(clientId)?.address ?? '',
      waitingSince: since,
    }));
  }

  /** The latest pictures of those who are listed. */
  get pictures(): Picture[] {
    return [...this.#waiting].slice(0, MAX_LISTED_PEOPLE).flatMap(([clientId, { picture }]) => {
      return picture === undefined ? [] : [{ type: 'waiting-picture', clientId, picture }];
    });
  }

  /** Whether a phone waits. */
  has(clientId: string): boolean {
    return this.#waiting.has(clientId);
  }

  /** Whether a phone waits with this stream. */
  keeps(clientId: string, streamId: string): boolean {
    return this.#waiting.get(clientId)?.publish.streamId === streamId;
  }

  /** Whether somebody is past the doors: streams, is known, or is no phone. */
  isInside(client: Client): boolean {
    return client.grant.role !== 'phone' || client.streamId !== undefined || this.#isKnown(client);
  }

  /** Puts a stream on the wall, or its phone in the lobby. */
  publish(client: Client, message: Message<'publish'>, epochMs: number): Outcome {
    const judged = this.#wall.judge(client, message.streamId);
    if (!judged.ok) return judged;
    if (judged.value === 'known') return this.#wall.publish(client, message, epochMs);
    if (!this.#book.hasLobby || this.#isKnown(client)) {
      const published = this.#wall.publish(client, message, epochMs);
      if (!published.ok) return published;
      if (!this.#book.hasLobby) {
        // Who streams in a locked room may go out and come back, as those before the lock.
        const remembered = this.#book.isLocked ? this.remember(client, epochMs) : [];
        return ok([...published.value, ...remembered]);
      }
      // Its device may have been admitted from another tab while this one waited.
      const left = this.withdraw(client.id);
      return ok([this.#tell(client.id, 'admitted'), ...published.value, ...left]);
    }
    if (epochMs < (this.#refusedUntil.get(refusalKey(client)) ?? 0)) {
      const sentence = 'The control room has turned this phone away. Ask again in ten seconds.';
      return refuse('not-admitted', sentence, { streamId: message.streamId });
    }
    const waiting = this.#waiting.get(client.id);
    if (waiting === undefined) {
      const entry = { publish: message, since: epochMs, picture: undefined, pictureAt: -Infinity };
      this.#waiting.set(client.id, entry);
    } else {
      waiting.publish = message;
    }
    const target = { streamId: message.streamId, label: message.label };
    const asked = audit({ event: 'waiting', actor: actorOf(client), target, outcome: 'done' });
    return ok([
      this.#tell(client.id, 'waiting'),
      PEOPLE_CHANGED,
      ...(waiting === undefined ? [asked] : []),
    ]);
  }

  /** Changes what is known of a stream that waits; undefined where it does not. */
  update(client: Client, message: Message<'update-stream'>): Outcome | undefined {
    const waiting = this.#waiting.get(client.id);
    if (waiting?.publish.streamId !== message.streamId) return undefined;
    const { label, device, capture } = waiting.publish;
    waiting.publish = {
      ...waiting.publish,
      label: message.label ?? label,
      device: message.device ?? device,
      capture: message.capture ?? capture,
    };
    return ok([PEOPLE_CHANGED]);
  }

  /** Lets a phone's wish go: it left, or does not want to stream any more. */
  withdraw(clientId: string): readonly Effect[] {
    return this.#waiting.delete(clientId) ? [PEOPLE_CHANGED] : [];
  }

  /** The same for one stream; undefined where that does not wait. */
  withdrawStream(client: Client, streamId: string): Outcome | undefined {
    const waiting = this.#waiting.get(client.id);
    return waiting?.publish.streamId === streamId ? ok(this.withdraw(client.id)) : undefined;
  }

  /** Takes a picture; one of a phone that does not wait any more, or comes too soon, is dropped. */
  receivePicture(client: Client, picture: string, epochMs: number): Outcome {
    if (client.type !== 'streamer') {
      return refuse('not-allowed', 'Only a phone in the lobby shows a picture.');
    }
    const waiting = this.#waiting.get(client.id);
    if (waiting === undefined) return ok([]);
    const intervalMs = Math.max(PICTURE_INTERVAL_MS, this.#waiting.size * CROWDED_INTERVAL_MS);
    // A clock that was set back must not silence a phone for hours.
    if (Math.abs(epochMs - waiting.pictureAt) < intervalMs) return ok([]);
    Object.assign(waiting, { picture, pictureAt: epochMs });
    const message = { type: 'waiting-picture', clientId: client.id, picture } as const;
    return ok([{ kind: 'send', to: this.#roster.connectedOperators(), message }]);
  }

  /** Lets a phone in and puts its stream on the wall; refused where there is no room for it. */
  admit(clientId: string, epochMs: number): Outcome {
    const entry = this.#find(clientId);
    if (!entry.ok) return entry;
    const { client, publish } = entry.value;
    const published = this.#wall.publish(client, publish, epochMs);
    if (!published.ok) return published;
    this.#waiting.delete(clientId);
    const remembered = this.remember(client, epochMs, publish.label);
    return ok([
      this.#tell(clientId, 'admitted'),
      ...published.value,
      PEOPLE_CHANGED,
      ...remembered,
    ]);
  }

  /** Turns a phone away; it may ask again in a while. */
  refuse(clientId: string, epochMs: number): Outcome {
    const entry = this.#find(clientId);
    if (!entry.ok) return entry;
    this.#waiting.delete(clientId);
    for (const [key, until] of this.#refusedUntil) {
      if (until <= epochMs) this.#refusedUntil.delete(key);
    }
    this.#refusedUntil.set(refusalKey(entry.value.client), epochMs + REFUSAL_MS);
    return ok([this.#tell(clientId, 'refused'), PEOPLE_CHANGED]);
  }

  /** Opens the doors: who is here counts as known from now on, or all that wait come in. */
  toggle(hasLobby: boolean, epochMs: number): readonly Effect[] {
    if (hasLobby === this.#book.hasLobby) return [];
    this.#book.hasLobby = hasLobby;
    if (hasLobby) {
      const phones = this.#roster.clients.filter(({ grant }) => grant.role === 'phone');
      return phones.flatMap((phone) => this.remember(phone, epochMs));
    }
    return [...this.#waiting].flatMap(([clientId, { publish }]): readonly Effect[] => {
      const admitted = this.admit(clientId, epochMs);
      if (admitted.ok) return admitted.value;
      const error = { type: 'error', ...admitted.error, answers: 'publish' } as const;
      this.#waiting.delete(clientId);
      const { streamId } = publish;
      return [{ kind: 'send', to: this.#connected(clientId), message: { ...error, streamId } }];
    });
  }

  /** Counts a client as admitted for good: by its device, and itself for as long as it is here. */
  remember(client: Client, epochMs: number, label?: string): readonly Effect[] {
    client.isAdmitted = true;
    const { deviceDigest, grant, streamId } = client;
    if (deviceDigest === undefined) return [];
    const name = label ?? (streamId === undefined ? undefined : this.#wall.labelOf(streamId));
    const named = name === undefined ? {} : { label: name };
    const isNews = this.#book.devices.admit({ deviceDigest, role: grant.role, ...named }, epochMs);
    return isNews ? [{ kind: 'room-changed', what: 'memory' }] : [];
  }

  #isKnown({ isAdmitted, deviceDigest, grant }: Client): boolean {
    return isAdmitted || this.#book.devices.isAdmitted(deviceDigest, grant.role);
  }

  #find(clientId: string): Result<{ client: Client; publish: Message<'publish'> }, Refusal> {
    const client = this.#roster.get(clientId);
    const waiting = this.#waiting.get(clientId);
    if (client === undefined || waiting === undefined) {
      return refuse('unknown-client', 'This phone does not wait any more.');
    }
    return ok({ client, publish: waiting.publish });
  }

  #tell(clientId: string, state: 'waiting' | 'admitted' | 'refused'): Effect {
    return { kind: 'send', to: this.#connected(clientId), message: { type: 'admission', state } };
  }

  #connected(clientId: string): string[] {
    return this.#roster.isConnected(clientId) ? [clientId] : [];
  }
}

function refusalKey({ deviceDigest, id }: Client): string {
  return deviceDigest ?? id;
}
