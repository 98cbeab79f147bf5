import type { ClientType } from '../protocol/messages';

/** The signalling origin that belongs to a page: `https` becomes `wss`, `http` becomes `ws`. */
export function signalingOriginOf(location: {
  readonly protocol: string;
  readonly host: string;
}): string {
  return `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}`;
}

/** The endpoint of one client: `/ws/{client_id}/{client_type}`. */
export function endpointOf(origin: string, clientId: string, clientType: ClientType): string {
  return `${origin}/ws/${clientId}/${clientType}`;
}
