/** What the audit log says: who did what to whom, never a secret and never what was in a call. */
import type { Role } from '../../protocol/fields';

/** Events that are kept. */
export type AuditEvent =
  | 'client-joined'
  | 'client-refused'
  | 'key-rotated'
  | 'invitation-created'
  | 'invitation-used'
  | 'invitation-revoked'
  | 'waiting'
  | 'admitted'
  | 'refused'
  | 'renamed'
  | 'muted'
  | 'stopped'
  | 'removed'
  | 'blocked'
  | 'unblocked'
  | 'room-changed'
  | 'stream-added'
  | 'stream-removed';

/** Who did it. */
export interface AuditActor {
  readonly clientId: string;
  /** Absent where the client was not let in. */
  readonly role?: Role;
  /** Absent where the client is gone. */
  readonly address?: string;
  /** Name of the invitation it came by. */
  readonly invitation?: string;
}

/** One line of the log, but for its time. */
export interface AuditEntry {
  readonly event: AuditEvent;
  readonly actor: AuditActor;
  /** What it was done to, by names and ids. */
  readonly target?: Readonly<Record<string, string | number | boolean>>;
  /** `done`, or the id of the error that was answered. */
  readonly outcome: string;
}
