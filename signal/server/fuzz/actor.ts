/** Somebody who comes, talks, drops out and comes back, with an identity that outlives sockets. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Role } from '../../protocol/fields';
import { FuzzClient, type Introduction } from './fuzz-client';
import type { Witness } from './witness';

/** Where actors go, and by what right. */
export interface Door {
  readonly port: number;
  readonly witness: Witness;
  /** Key of a role's link; undefined where none is needed. */
  keyOf(role: Role): string | undefined;
}

/** Ways in that must not lead anywhere. */
export const INTRUSIONS = [
  'without-token',
  'old-token',
  'hijack',
  'wrong-key',
  'wrong-kind',
  'no-key',
  'talk-first',
] as const;

/** One of them. */
export type Intrusion = (typeof INTRUSIONS)[number];

/** Somebody who has no right to come in, at least while somebody else is there. */
export interface Attempt {
  readonly client: FuzzClient;
  /** Who holds the id; undefined where nobody has to, for it to be refused. */
  readonly holder: FuzzClient | undefined;
}

/** Tokens that an actor remembers, to try them again. */
const KEPT_TOKENS = 5;

/** See the head of this file. */
export class Actor {
  readonly name: string;
  readonly role: Role;
  readonly #door: Door;
  clientId = randomUUID() as string;
  client: FuzzClient | undefined;
  #deviceKey = '';
  #tokens: string[] = [];
  /** Every socket that this actor came in by, since it was somebody new. */
  readonly #sockets = new Set<FuzzClient>();

  constructor(name: string, role: Role, door: Door) {
    this.name = name;
    this.role = role;
    this.#door = door;
    this.changeDevice();
  }

  get isIn(): boolean {
    return this.client?.isOpen === true;
  }

  /** Becomes another device, as after a block. */
  changeDevice(): void {
    this.#deviceKey = randomBytes(16).toString('base64url');
    this.#door.witness.keep(this.#deviceKey);
  }

  /** Comes in, as who it was before or as somebody new. */
  enter(entrance: 'resume' | 'fresh'): FuzzClient {
    // One that is just coming in has to be waited for: what it will be told cannot be known.
    if (entrance === 'resume' && this.client?.isGreeting === true) return this.client;
    const known = this.client?.welcome?.resumeToken;
    if (known !== undefined) this.#remember(known);
    if (entrance === 'fresh') this.#renew();
    const token = this.#tokens.at(-1);
    const key = this.#door.keyOf(this.role);
    this.client = this.#open({ key, resumeToken: token });
    this.#sockets.add(this.client);
    return this.client;
  }

  /**
   * Tries to come in where it must not be let in.
   * @param victim - whose place it tries to take, where it is not its own
   */
  intrude(how: Intrusion, victim: Actor): Attempt {
    const key = this.#door.keyOf(this.role);
    const stranger = { clientId: randomUUID(), isImpostor: true };
    switch (how) {
      case 'without-token':
        return this.#takePlace(this, { key });
      case 'old-token':
        return this.#takePlace(this, { key, resumeToken: this.#tokens.at(-3) });
      case 'hijack':
        return this.#takePlace(victim, { key });
      case 'talk-first':
        return { client: this.#open({ ...stranger, isSilent: true }), holder: undefined };
      case 'no-key':
        return { client: this.#open({ ...stranger }), holder: undefined };
      case 'wrong-key': {
        const wrong = randomBytes(16).toString('base64url');
        return { client: this.#open({ ...stranger, key: wrong }), holder: undefined };
      }
      case 'wrong-kind': {
        const other = this.#door.keyOf(this.role === 'phone' ? 'operator' : 'phone');
        return { client: this.#open({ ...stranger, key: other }), holder: undefined };
      }
    }
  }

  /** Until its welcome has certainly arrived, a client may say the same hello again. */
  #takePlace({ client, clientId }: Actor, credentials: Partial<Introduction>): Attempt {
    const isHeld = client?.isOpen === true && client.isConfirmed;
    const facts = { ...credentials, isImpostor: true, isSilent: !isHeld };
    return { client: this.#open({ ...facts, clientId }), holder: isHeld ? client : undefined };
  }

  /** Comes in as somebody new, with a new id and nothing remembered. */
  #renew(): void {
    for (const client of this.#sockets) client.drop('break');
    this.#sockets.clear();
    this.clientId = randomUUID();
    this.#tokens = [];
  }

  #remember(token: string): void {
    if (this.#tokens.at(-1) === token) return;
    this.#tokens = [...this.#tokens, token].slice(-KEPT_TOKENS);
  }

  #open(introduction: Partial<Introduction>): FuzzClient {
    const { name, role, clientId } = this;
    const own = { name, role, clientId, deviceKey: this.#deviceKey };
    const suffix = introduction.isImpostor === true ? { name: `${name} (impostor)` } : {};
    return new FuzzClient(
      this.#door.port,
      { ...own, ...introduction, ...suffix },
      this.#door.witness,
    );
  }
}
