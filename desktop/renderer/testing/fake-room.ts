/** A room as the server describes it to operators. */
import type {
  PeopleMessage,
  RoomMessage,
  WaitingPhone,
  Watcher,
} from '../../../signal/protocol/room-messages';
import { streamIdOf } from './fake-streams';

/** The smallest picture a browser shows: one pixel, JPEG, base64. */
export const ONE_PIXEL =
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=';

/** A room with keys, nothing special. */
export function roomFacts(change: Partial<RoomMessage> = {}): RoomMessage {
  return {
    type: 'room',
    access: 'keys',
    hasLobby: false,
    isLocked: false,
    keys: {
      operator: 'operator-key-operator-',
      viewer: 'viewer-key-viewer-key-',
      phone: 'phone-key-phone-key-ph',
    },
    invitations: [],
    blocked: [],
    ...change,
  };
}

/** A phone that waits. */
export function waitingPhone(index: number, change: Partial<WaitingPhone> = {}): WaitingPhone {
  return {
    clientId: streamIdOf(index),
    label: `Guest ${index}`,
    device: { kind: 'phone', platform: 'Android', browser: 'Chrome' },
    address: `192.168.1.${index}`,
    waitingSince: Date.now() - index * 30_000,
    ...change,
  };
}

/** Somebody who watches. */
export function watcher(index: number, change: Partial<Watcher> = {}): Watcher {
  return {
    clientId: streamIdOf(index),
    role: 'viewer',
    device: { kind: 'computer', platform: 'Windows', browser: 'Edge' },
    address: `192.168.1.${index}`,
    since: Date.now() - index * 60_000,
    watching: 2,
    ...change,
  };
}

/** Who is there, with counts that fit. */
export function people(waiting: WaitingPhone[], watchers: Watcher[] = []): PeopleMessage {
  return {
    type: 'people',
    waiting,
    waitingCount: waiting.length,
    watchers,
    watcherCount: watchers.length,
  };
}
