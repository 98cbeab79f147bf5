/** What operators command about keys. Pure: no sockets, no clock. */
import { ok, type Result } from '../../protocol/result';
import type { Command } from '../../protocol/room-messages';
import { notAllowed, refuse, ROOM_CHANGED, type Effect, type Refusal } from '../effects';
import type { Client } from '../roster';
import { noteOf, type Done, type ModerationParts } from './moderation-parts';

type CommandOf<K extends Command['kind']> = Extract<Command, { kind: K }>;

const SAVE: Effect = { kind: 'save' };

/** See the head of this file. */
export class KeyCommands {
  readonly #parts: ModerationParts;
  readonly #dismiss: (client: Client) => readonly Effect[];

  /** @param dismiss - sends a client away */
  constructor(parts: ModerationParts, dismiss: (client: Client) => readonly Effect[]) {
    this.#parts = parts;
    this.#dismiss = dismiss;
  }

  /** Carries out a command, or refuses it. */
  carryOut(
    operator: Client,
    command: CommandOf<'rotate-key' | 'invite' | 'revoke'>,
    epochMs: number,
  ): Result<Done, Refusal> {
    if (this.#parts.book.mode === 'open') {
      return notAllowed('This room is open to all, so there are no keys.');
    }
    switch (command.kind) {
      case 'rotate-key':
        return this.#rotate(operator, command);
      case 'invite':
        return this.#invite(operator, command, epochMs);
      case 'revoke':
        return this.#revoke(operator, command);
    }
  }

  #rotate(operator: Client, { role, evict }: CommandOf<'rotate-key'>): Result<Done, Refusal> {
    const { book, roster } = this.#parts;
    const key = book.keys.rotate(role);
    const affected = roster.clients.filter(
      ({ grant }) => grant.role === role && grant.linkDigest !== undefined,
    );
    const stays = affected.filter((client) => !evict || client.id === operator.id);
    const goes = affected.filter((client) => !stays.includes(client));
    const message = { type: 'key-renewed', key } as const;
    // Who is away is told when it comes back.
    const to = stays.map(({ id }) => id).filter((id) => roster.isConnected(id));
    return ok({
      effects: [
        SAVE,
        { kind: 'send', to, message },
        ...goes.flatMap((client) => this.#dismiss(client)),
        ...(role === 'phone' ? [{ kind: 'room-changed', what: 'join-addresses' } as const] : []),
        ROOM_CHANGED,
        noteOf(operator, 'key-rotated', { role, evict }),
      ],
    });
  }

  #invite(operator: Client, command: CommandOf<'invite'>, epochMs: number): Result<Done, Refusal> {
    const key = this.#parts.book.keys.invite(command, epochMs);
    if (key === undefined) {
      return refuse('too-many-invitations', 'There are too many invitations; revoke one first.');
    }
    const { name, role } = command;
    const note = noteOf(operator, 'invitation-created', { name, role });
    return ok({ effects: [SAVE, ROOM_CHANGED, note], key });
  }

  #revoke(operator: Client, { invitationId, evict }: CommandOf<'revoke'>): Result<Done, Refusal> {
    const { book, roster } = this.#parts;
    if (!book.keys.revoke(invitationId)) {
      return refuse('unknown-invitation', 'There is no such invitation any more.');
    }
    const goes = roster.clients.filter(
      ({ id, grant }) =>
        evict && id !== operator.id && grant.invitation?.invitationId === invitationId,
    );
    return ok({
      effects: [
        SAVE,
        ...goes.flatMap((client) => this.#dismiss(client)),
        ROOM_CHANGED,
        noteOf(operator, 'invitation-revoked', { invitationId, evict }),
      ],
    });
  }
}
