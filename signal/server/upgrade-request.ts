/** What an upgrade request asks for: `/ws/{client_id}/{client_type}` with our subprotocol. */
import * as v from 'valibot';
import { SUBPROTOCOL } from '../protocol/limits';
import { clientIdSchema, clientTypeSchema, type ClientType } from '../protocol/messages';
import { fail, ok, type Result } from '../protocol/result';

/** Who knocks. */
export interface UpgradeRequest {
  readonly clientId: string;
  readonly clientType: ClientType;
}

/** The HTTP status and sentence of a refused upgrade. */
export interface UpgradeRefusal {
  readonly status: 400 | 404;
  readonly sentence: string;
}

/**
 * Reads an upgrade request.
 * @param pathname - without query: nothing is ever read from a query
 * @param protocols - the `Sec-WebSocket-Protocol` header
 */
export function readUpgradeRequest(
  pathname: string,
  protocols: string | undefined,
): Result<UpgradeRequest, UpgradeRefusal> {
  const parts = /^\/ws\/(?<id>[^/]+)\/(?<type>[^/]+)$/u.exec(pathname)?.groups;
  if (parts === undefined) {
    return fail({ status: 404, sentence: 'Connect to /ws/{client_id}/{client_type}.' });
  }
  const clientId = v.safeParse(clientIdSchema, parts['id']);
  if (!clientId.success) return fail({ status: 400, sentence: 'The client id must be a UUID.' });
  const clientType = v.safeParse(clientTypeSchema, parts['type']);
  if (!clientType.success) {
    return fail({ status: 400, sentence: 'The client type must be streamer or viewer.' });
  }
  const offered = (protocols ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(SUBPROTOCOL)) {
    return fail({ status: 400, sentence: `The subprotocol must be ${SUBPROTOCOL}.` });
  }
  return ok({ clientId: clientId.output, clientType: clientType.output });
}
