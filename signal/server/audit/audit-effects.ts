/** Entries of the audit log as effects. */
import type { Effect } from '../effects';
import type { Client } from '../roster';
import type { AuditActor, AuditEntry } from './audit-entry';

/** Who a client is to the log. */
export function actorOf({ id, grant, address }: Client): AuditActor {
  const { role, invitation } = grant;
  return {
    clientId: id,
    role,
    address,
    ...(invitation === undefined ? {} : { invitation: invitation.name }),
  };
}

/** Asks for an entry to be written. */
export function audit(entry: AuditEntry): Effect {
  return { kind: 'audit', entry };
}
