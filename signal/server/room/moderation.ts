/** What operators command, carried out on plain data. Pure: no sockets, no clock. */
import * as v from 'valibot';
import type { CloseName } from '../../protocol/close-codes';
import { labelSchema } from '../../protocol/fields';
import { MAX_LABEL_LENGTH } from '../../protocol/limits';
import type { ClientMessage } from '../../protocol/messages';
import { fail, ok, type Result } from '../../protocol/result';
import type { Command, Target } from '../../protocol/room-messages';
import type { AuditEntry } from '../audit/audit-entry';
import {
  notAllowed,
  PEOPLE_CHANGED,
  refuse,
  ROOM_CHANGED,
  type Effect,
  type Outcome,
  type Refusal,
} from '../effects';
import type { Client } from '../roster';
import { KeyCommands } from './key-commands';
import { noteOf, type Done, type ModerationParts } from './moderation-parts';

type Moderate = Extract<ClientMessage, { type: 'moderate' }>;
type CommandOf<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** Clients kept in mind that could not be told that they were removed; the oldest go first. */
const MAX_UNTOLD = 1000;

/** See the head of this file. */
export class Moderation {
  readonly #parts: ModerationParts;
  readonly #keyCommands: KeyCommands;
  /** Clients that were removed while they had no socket, and so could not be told. */
  readonly #untold = new Set<string>();

  constructor(parts: ModerationParts) {
    this.#parts = parts;
    const dismiss = (client: Client): readonly Effect[] => this.#dismiss(client, 'removed');
    this.#keyCommands = new KeyCommands(parts, dismiss);
  }

  /** Carries out a command, or refuses it. */
  handle(operator: Client, { requestId, command }: Moderate, epochMs: number): Outcome {
    if (operator.grant.role !== 'operator') {
      return fail({ id: 'not-allowed', message: 'Only operators may do this.', requestId });
    }
    const done = this.#carryOut(operator, command, epochMs);
    if (!done.ok) return fail({ ...done.error, requestId });
    const { effects, key } = done.value;
    const message = { type: 'done', requestId, ...(key === undefined ? {} : { key }) } as const;
    return ok([...effects, { kind: 'send', to: [operator.id], message }]);
  }

  /** Whether a client that comes back was removed while it was away; true only once. */
  takeUntold(clientId: string): boolean {
    return this.#untold.delete(clientId);
  }

  #carryOut(operator: Client, command: Command, epochMs: number): Result<Done, Refusal> {
    switch (command.kind) {
      case 'rename':
      case 'mute':
      case 'stop':
        return this.#onStream(operator, command);
      case 'remove':
        return this.#remove(operator, command.target);
      case 'block':
        return this.#block(operator, command.target, epochMs);
      case 'unblock':
        return this.#unblock(operator, command.deviceId);
      case 'admit':
      case 'refuse':
        return this.#decide(operator, command, epochMs);
      case 'set-room':
        return this.#setRoom(operator, command, epochMs);
      case 'rotate-key':
      case 'invite':
      case 'revoke':
        return this.#keyCommands.carryOut(operator, command, epochMs);
    }
  }

  #onStream(
    operator: Client,
    command: CommandOf<'rename' | 'mute' | 'stop'>,
  ): Result<Done, Refusal> {
    const { streamId } = command;
    const { wall, roster } = this.#parts;
    const publisherId = wall.publisherOf(streamId);
    if (publisherId === undefined) return unknownStream(streamId);
    const label = wall.labelOf(streamId) ?? '';
    const note = (event: AuditEntry['event'], target = {}): Effect =>
      noteOf(operator, event, { streamId, clientId: publisherId, label, ...target });
    switch (command.kind) {
      case 'rename': {
        const renamed = note('renamed', { to: command.label });
        return ok({ effects: [...wall.rename(streamId, command.label), renamed] });
      }
      case 'mute': {
        if (!roster.isConnected(publisherId)) {
          const sentence = 'This phone is not connected at the moment, so it cannot be asked.';
          return notAllowed(sentence, { streamId });
        }
        const message = { type: 'moderated', action: { kind: 'muted' } } as const;
        return ok({ effects: [{ kind: 'send', to: [publisherId], message }, note('muted')] });
      }
      case 'stop':
        return ok({
          effects: [...wall.takeDown(streamId, 'stopped-by-operator'), note('stopped')],
        });
    }
  }

  #remove(operator: Client, target: Target): Result<Done, Refusal> {
    const found = this.#find(operator, target);
    if (!found.ok) return found;
    const note = noteOf(operator, 'removed', this.#describe(found.value));
    return ok({ effects: [...this.#dismiss(found.value, 'removed'), note] });
  }

  #block(operator: Client, target: Target, epochMs: number): Result<Done, Refusal> {
    const found = this.#find(operator, target);
    if (!found.ok) return found;
    const { deviceDigest } = found.value;
    if (deviceDigest === undefined) {
      return notAllowed('This device gave nothing to know it by. It can only be removed.');
    }
    if (deviceDigest === operator.deviceDigest) {
      return notAllowed('This is the very device that you use. Block it from another desk.');
    }
    const { roster, book } = this.#parts;
    const facts = this.#describe(found.value);
    book.devices.block(deviceDigest, facts.label, epochMs);
    const sameDevice = roster.clients.filter((client) => client.deviceDigest === deviceDigest);
    const gone = sameDevice.flatMap((client) => this.#dismiss(client, 'blocked'));
    const note = noteOf(operator, 'blocked', facts);
    return ok({ effects: [{ kind: 'save' }, ...gone, ROOM_CHANGED, note] });
  }

  #unblock(operator: Client, deviceId: string): Result<Done, Refusal> {
    const label = this.#parts.book.devices.unblock(deviceId);
    if (label === undefined) {
      return refuse('unknown-client', 'This device is not blocked any more.');
    }
    const note = noteOf(operator, 'unblocked', { deviceId, label });
    return ok({ effects: [{ kind: 'save' }, ROOM_CHANGED, note] });
  }

  #decide(
    operator: Client,
    { kind, clientId }: CommandOf<'admit' | 'refuse'>,
    epochMs: number,
  ): Result<Done, Refusal> {
    const { lobby, roster } = this.#parts;
    const client = roster.get(clientId);
    const facts = client === undefined ? { clientId } : this.#describe(client);
    const decided =
      kind === 'admit' ? lobby.admit(clientId, epochMs) : lobby.refuse(clientId, epochMs);
    if (!decided.ok) return decided;
    const note = noteOf(operator, kind === 'admit' ? 'admitted' : 'refused', facts);
    return ok({ effects: [...decided.value, note] });
  }

  #setRoom(
    operator: Client,
    { hasLobby, isLocked }: CommandOf<'set-room'>,
    epochMs: number,
  ): Result<Done, Refusal> {
    const { book, lobby, roster } = this.#parts;
    const toggled = hasLobby === undefined ? [] : lobby.toggle(hasLobby, epochMs);
    const isLocking = isLocked === true && !book.isLocked;
    book.isLocked = isLocked ?? book.isLocked;
    // Whoever is in when the door is shut may go out and come back.
    const inside = roster.clients.filter((client) => isLocking && lobby.isInside(client));
    const remembered = inside.flatMap((client) => lobby.remember(client, epochMs));
    const target = { hasLobby: book.hasLobby, isLocked: book.isLocked };
    const note = noteOf(operator, 'room-changed', target);
    return ok({ effects: [{ kind: 'save' }, ...toggled, ...remembered, ROOM_CHANGED, note] });
  }

  #find(operator: Client, target: Target): Result<Client, Refusal> {
    const { roster, wall } = this.#parts;
    const isStream = 'streamId' in target;
    const clientId = isStream ? wall.publisherOf(target.streamId) : target.clientId;
    const client = clientId === undefined ? undefined : roster.get(clientId);
    if (client === undefined) {
      return isStream
        ? unknownStream(target.streamId)
        : refuse('unknown-client', 'This client is not here any more.');
    }
    if (client.id === operator.id) {
      return notAllowed('You cannot send yourself away. Use another desk for that.');
    }
    return ok(client);
  }

  /** Sends a client away and forgets it. It hears what ends by that as long as it is on the roster. */
  #dismiss(client: Client, close: CloseName): readonly Effect[] {
    const { roster, wall, lobby } = this.#parts;
    if (!roster.isConnected(client.id)) this.#keepUntold(client.id);
    const ended = [...lobby.withdraw(client.id), ...wall.leave(client, 'removed')];
    roster.remove(client.id);
    return [...ended, { kind: 'close', clientId: client.id, close }, PEOPLE_CHANGED];
  }

  #keepUntold(clientId: string): void {
    this.#untold.add(clientId);
    const [oldest] = this.#untold;
    if (oldest !== undefined && this.#untold.size > MAX_UNTOLD) this.#untold.delete(oldest);
  }

  #describe(client: Client): { clientId: string; address: string; label: string } {
    const { wall, lobby } = this.#parts;
    const waiting = lobby.phones.find(({ clientId }) => clientId === client.id)?.label;
    const streaming = client.streamId === undefined ? undefined : wall.labelOf(client.streamId);
    const { id, address } = client;
    return { clientId: id, address, label: waiting ?? streaming ?? nameOf(client) };
  }
}

/** A device's own words as a name; they may be empty, or hold what no label may. */
function nameOf({ device, grant }: Client): string {
  const name = v.safeParse(labelSchema, device?.platform?.slice(0, MAX_LABEL_LENGTH));
  return name.success ? name.output : (device?.kind ?? grant.role);
}

function unknownStream(streamId: string): Result<never, Refusal> {
  return refuse('unknown-stream', 'There is no such stream.', { streamId });
}
