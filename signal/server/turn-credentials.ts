/**
 * Time-limited TURN credentials from a secret shared with the TURN server: the TURN REST API
 * (draft-uberti-behave-turn-rest-00), which coturn checks by `use-auth-secret`. The draft expired
 * and is what TURN servers do all the same.
 */
import { createHmac } from 'node:crypto';

/** How long credentials are good, in seconds: one day, as section 2.2 of the draft advises. */
export const TURN_TTL_SECONDS = 86_400;

/** TURN servers that share a secret with us. */
export interface TurnRest {
  /** Such as `turn:turn.example:3478?transport=udp` (RFC 7065). */
  readonly urls: readonly string[];
  readonly secret: string;
}

/** What a client shows a TURN server, until it expires. */
export interface TurnCredentials {
  readonly username: string;
  readonly credential: string;
}

/**
 * Makes credentials.
 * @param clientId - whom the TURN server's log then names
 * @param expiresAtSeconds - whole seconds since the epoch, by the TURN server's clock
 */
export function turnCredentials(
  secret: string,
  clientId: string,
  expiresAtSeconds: number,
): TurnCredentials {
  const username = `${expiresAtSeconds}:${clientId}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
