/** What operations of the registry come to: effects for the caller to carry out, or a refusal. */
import type { CloseName } from '../protocol/close-codes';
import type { ErrorId, ServerMessage } from '../protocol/messages';
import { fail, type Result } from '../protocol/result';
import type { AuditEntry } from './audit/audit-entry';

/** What the caller has to do. Receivers are ids of connected clients. */
export type Effect =
  | { readonly kind: 'send'; readonly to: readonly string[]; readonly message: ServerMessage }
  /** Pass the frame being handled on as it came. */
  | { readonly kind: 'forward'; readonly to: string }
  /** A fact of this stream changed; the caller gathers such changes and then asks for the news. */
  | { readonly kind: 'stream-changed'; readonly streamId: string }
  /** Operators have to hear of it; the caller gathers such changes too. */
  | { readonly kind: 'room-changed'; readonly what: RoomChange }
  /** A client was sent away and is forgotten; its socket, if it has one, is to be closed. */
  | { readonly kind: 'close'; readonly clientId: string; readonly close: CloseName }
  /** What was settled about the room has to be saved before anybody is told. */
  | { readonly kind: 'save' }
  | { readonly kind: 'audit'; readonly entry: AuditEntry };

/**
 * What operators see of the room: how it stands, who is in it, where phones join. `memory` they do
 * not see; it only has to be saved in a while.
 */
export type RoomChange = 'room' | 'people' | 'join-addresses' | 'memory';

/** Why an operation was refused. */
export interface Refusal {
  readonly id: ErrorId;
  /** One plain sentence. */
  readonly message: string;
  readonly streamId?: string;
  readonly sessionId?: string;
  /** Of the command that was refused. */
  readonly requestId?: string;
}

/** Why a `hello` was refused, and the close that follows. */
export interface HelloRefusal extends Refusal {
  readonly close: CloseName;
}

/** What an operation came to; a refused one changed nothing. */
export type Outcome = Result<readonly Effect[], Refusal>;

type Named = Pick<Refusal, 'streamId' | 'sessionId'>;

/** The list of who is here has changed. */
export const PEOPLE_CHANGED: Effect = { kind: 'room-changed', what: 'people' };

/** How the room stands has changed. */
export const ROOM_CHANGED: Effect = { kind: 'room-changed', what: 'room' };

/** Refuses an operation. */
export function refuse(id: ErrorId, message: string, named: Named = {}): Result<never, Refusal> {
  return fail({ id, message, ...named });
}

/** Refuses what this client may never do. */
export function notAllowed(message: string, named: Named = {}): Result<never, Refusal> {
  return refuse('not-allowed', message, named);
}

/** Refuses what names a session that is over, or somebody else's. */
export function unknownSession(sessionId: string): Result<never, Refusal> {
  return refuse('unknown-session', 'There is no such session of this client.', { sessionId });
}
