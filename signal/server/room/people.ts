/** Who is here and how the room stands, as operators are told: always within one frame. */
import { MAX_FRAME_BYTES, MAX_LISTED_PEOPLE } from '../../protocol/limits';
import type { PeopleMessage, RoomMessage, Watcher } from '../../protocol/room-messages';
import type { RoomBook } from '../access/room-book';
import type { Client, Roster } from '../roster';
import type { Lobby } from './lobby';

/** Blocked devices that are listed, the latest first: the longest names of 60 fit beside the rest. */
const MAX_LISTED_BLOCKS = 60;

/** What is left of a frame for each of two lists, in bytes; some go to what is around them. */
const LIST_BYTES = (MAX_FRAME_BYTES - 1024) / 2;

/** Who waits and who watches. */
export function peopleMessage(roster: Roster, lobby: Lobby): PeopleMessage {
  const watchers = roster.clients.filter(({ type }) => type === 'viewer').map(watcherOf);
  const waiting = lobby.phones;
  return {
    type: 'people',
    waiting: fitting(waiting),
    waitingCount: waiting.length,
    watchers: fitting(watchers),
    watcherCount: watchers.length,
  };
}

/** How the room stands. */
export function roomMessage(book: RoomBook, epochMs: number): RoomMessage {
  const { mode, hasLobby, isLocked, keys, devices } = book;
  return {
    type: 'room',
    access: mode,
    hasLobby,
    isLocked,
    ...(mode === 'keys' ? { keys: keys.keys } : {}),
    invitations: keys.invitations,
    blocked: devices.blocked(epochMs).slice(0, MAX_LISTED_BLOCKS),
  };
}

function watcherOf({ id, grant, device, address, since, subscriptions }: Client): Watcher {
  return {
    clientId: id,
    role: grant.role,
    ...(grant.invitation === undefined ? {} : { invitation: grant.invitation.name }),
    ...(device === undefined ? {} : { device }),
    address,
    since,
    watching: subscriptions?.size ?? 0,
  };
}

/** What of a list fits; names in rare scripts take several times the bytes of others. */
function fitting<T extends object>(list: readonly T[]): T[] {
  let room = LIST_BYTES;
  const listed = list.slice(0, MAX_LISTED_PEOPLE);
  const end = listed.findIndex((item) => {
    room -= Buffer.byteLength(JSON.stringify(item)) + 1;
    return room < 0;
  });
  return end === -1 ? listed : listed.slice(0, end);
}
