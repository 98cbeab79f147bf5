/** What commands of operators work on, and what they come to. */
import type { RoomBook } from '../access/room-book';
import { actorOf, audit } from '../audit/audit-effects';
import type { AuditEntry } from '../audit/audit-entry';
import type { Effect } from '../effects';
import type { Client, Roster } from '../roster';
import type { Wall } from '../wall';
import type { Lobby } from './lobby';

/** What a command came to. */
export interface Done {
  readonly effects: readonly Effect[];
  /** Of a new invitation. */
  readonly key?: string;
}

/** What moderation works on. */
export interface ModerationParts {
  readonly roster: Roster;
  readonly wall: Wall;
  readonly lobby: Lobby;
  readonly book: RoomBook;
}

/** Notes a command in the audit log. */
export function noteOf(
  operator: Client,
  event: AuditEntry['event'],
  target: NonNullable<AuditEntry['target']>,
): Effect {
  return audit({ event, actor: actorOf(operator), target, outcome: 'done' });
}
