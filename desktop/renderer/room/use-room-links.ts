import type { Role } from '../../../signal/protocol/fields';
import { useServerStore } from '../server/server-store';
import { linkOf, type RoomLink } from './room-links';

/** Makes links to the server in use; undefined before it is known. */
export function useRoomLinks(): (role: Role, key: string) => RoomLink | undefined {
  const server = useServerStore();
  return (role, key) => {
    if (server.hostState?.state !== 'ready') return undefined;
    const place = { joinAddress: server.joinAddress, signalingOrigin: server.hostState.origin };
    return linkOf(role, key, place);
  };
}
