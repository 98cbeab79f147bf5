/** Tells operators how the room stands and who is here: at once when they come, then on change. */
import type { ServerMessage } from '../../protocol/messages';
import type { OpenRoom } from '../access/open-room';
import type { RoomChange } from '../effects';
import { GatheredChanges } from '../gathered-changes';
import type { Registry } from '../registry';

/** How long changes are gathered, in milliseconds: no person sees it, and bursts cost little. */
const GATHER_MS = 100;

/**
 * Pictures of waiting phones that a fresh operator is sent at once, as far as its connection takes
 * them. Later ones come by themselves as phones show new ones.
 */
const MAX_FIRST_PICTURES = 16;

/** What it reads and where it goes. */
export interface RoomNewsOptions {
  readonly registry: Pick<Registry, 'operators' | 'roomMessages' | 'waitingPictures'>;
  readonly send: (to: readonly string[], message: ServerMessage) => void;
  /** Tells operators where phones join. */
  readonly tellJoinAddresses: () => void;
  /** Where what is settled about the room is saved. */
  readonly room: Pick<OpenRoom, 'saveSoon' | 'close'>;
}

/** See the head of this file. */
export class RoomNews {
  readonly #options: RoomNewsOptions;
  readonly #changes: GatheredChanges<RoomChange>;
  /** What all operators have been told last; most changes of streams change nothing of it. */
  #lastPeople = '';

  constructor(options: RoomNewsOptions) {
    this.#options = options;
    this.#changes = new GatheredChanges(GATHER_MS, (changed) => this.#tell(changed));
  }

  /** Notes a change. */
  mark(what: RoomChange): void {
    if (what === 'memory') this.#options.room.saveSoon();
    else this.#changes.mark(what);
  }

  /** Tells a fresh operator everything. */
  greet(clientId: string): void {
    const { registry, send } = this.#options;
    const { room, people } = registry.roomMessages(Date.now());
    const pictures = registry.waitingPictures.slice(0, MAX_FIRST_PICTURES);
    for (const message of [room, people, ...pictures]) send([clientId], message);
  }

  /** Saves what was not saved yet, and tells nobody any more. Idempotent. */
  close(): void {
    this.#changes.close();
    this.#options.room.close();
  }

  #tell(changed: readonly RoomChange[]): void {
    const { registry, send, tellJoinAddresses } = this.#options;
    if (changed.includes('join-addresses')) tellJoinAddresses();
    const { operators } = registry;
    if (operators.length === 0) return;
    const { room, people } = registry.roomMessages(Date.now());
    if (changed.includes('room')) send(operators, room);
    const text = JSON.stringify(people);
    if (!changed.includes('people') || text === this.#lastPeople) return;
    this.#lastPeople = text;
    send(operators, people);
  }
}
