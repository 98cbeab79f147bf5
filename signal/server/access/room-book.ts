/**
 * What is settled about the room and outlives the server: keys, lobby, lock, known and blocked
 * devices. Pure: whoever changes it sees to it that it is saved.
 */
import type { ClientType } from '../../protocol/messages';
import { ok, type Result } from '../../protocol/result';
import { DeviceBook } from './device-book';
import { KeyBook, type Grant, type KeyRefusal, type KeyRequest } from './key-book';
import { freshRoomState, type RoomState } from './room-state';

/** Whether keys are asked for. */
export type AccessMode = 'keys' | 'open';

/** See the head of this file. */
export class RoomBook {
  readonly mode: AccessMode;
  readonly keys: KeyBook;
  readonly devices: DeviceBook;
  hasLobby: boolean;
  isLocked: boolean;

  constructor(mode: AccessMode, state: RoomState = freshRoomState()) {
    this.mode = mode;
    this.keys = new KeyBook(state.keys, state.invitations);
    this.devices = new DeviceBook(state.admitted, state.blocked);
    this.hasLobby = state.hasLobby;
    this.isLocked = state.isLocked;
  }

  /** All of it, to be saved. */
  get state(): RoomState {
    return {
      version: 1,
      keys: this.keys.keys,
      invitations: this.keys.stored,
      admitted: this.devices.storedAdmitted,
      blocked: this.devices.storedBlocked,
      hasLobby: this.hasLobby,
      isLocked: this.isLocked,
    };
  }

  /** Decides whether a newcomer may come in, and as whom. Changes nothing. */
  verify(request: KeyRequest): Result<Grant, KeyRefusal> {
    return this.mode === 'open'
      ? ok({ role: openRole(request.clientType) })
      : this.keys.verify(request);
  }
}

function openRole(clientType: ClientType): Grant['role'] {
  return clientType === 'viewer' ? 'operator' : 'phone';
}
