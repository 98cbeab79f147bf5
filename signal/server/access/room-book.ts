/**
 * What is settled about the room and outlives the server: keys, lobby, lock, known and blocked
 * devices. Pure: whoever changes it sees to it that it is saved.
 */
import type { ClientType } from '../../protocol/messages';
import { ok, type Result } from '../../protocol/result';
import { KeyBook, type Grant, type KeyRefusal, type KeyRequest } from './key-book';
import { freshRoomState, type RoomState } from './room-state';

/** Whether keys are asked for. */
export type AccessMode = 'keys' | 'open';

/** See the head of this file. */
export class RoomBook {
  readonly mode: AccessMode;
  readonly keys: KeyBook;
  hasLobby: boolean;
  isLocked: boolean;
  readonly #state: RoomState;

  constructor(mode: AccessMode, state: RoomState = freshRoomState()) {
    this.mode = mode;
    this.keys = new KeyBook(state.keys, state.invitations);
    this.hasLobby = state.hasLobby;
    this.isLocked = state.isLocked;
    this.#state = state;
  }

  /** All of it, to be saved. */
  get state(): RoomState {
    return {
      ...this.#state,
      keys: this.keys.keys,
      invitations: this.keys.stored,
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
