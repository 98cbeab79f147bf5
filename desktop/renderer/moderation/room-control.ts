/**
 * An operator's commands to the server: each is answered once, by `done` or `error`, or by the end
 * of the connection that it was sent over. Nothing is queued or repeated: a command that may have
 * been carried out is for a person to look at.
 */
import { randomId } from '../../../signal/protocol/random-id';
import type { ClientMessageInput, ViewerMessage } from '../../../signal/protocol/messages';
import type { Command } from '../../../signal/protocol/room-messages';
import type { SignalingStatus } from '../../../signal/client/connection-machine';
import { words } from '../wording';

/** Time for an answer, in milliseconds; the server needs a few, a disk that syncs maybe a second. */
const ANSWER_TIMEOUT_MS = 10_000;

/** What became of a command; a refusal is one plain sentence. */
export type CommandResult =
  | {
      readonly ok: true;
      /** Of a new invitation. */
      readonly key: string | undefined;
      /** It holds, but not for good: one plain sentence. */
      readonly warning?: string | undefined;
    }
  | { readonly ok: false; readonly message: string };

/** What is needed of signaling; `SignalingClient` fits. */
export interface CommandPort {
  send(message: ClientMessageInput): boolean;
  on(event: 'message', listener: (message: ViewerMessage) => void): () => void;
  on(event: 'statusChanged', listener: (status: SignalingStatus) => void): () => void;
}

interface Pending {
  readonly settle: (result: CommandResult) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** See the head of this file. */
export class RoomControl {
  readonly #port: CommandPort;
  readonly #pending = new Map<string, Pending>();
  readonly #stops: readonly (() => void)[];
  #isClosed = false;

  constructor(port: CommandPort) {
    this.#port = port;
    this.#stops = [
      port.on('message', (message) => this.#onMessage(message)),
      port.on('statusChanged', (status) => {
        if (status !== 'connected') this.#settleAll(words.room.commandLost);
      }),
    ];
  }

  /** Sends a command, and tells what became of it. Never rejects. */
  command(command: Command): Promise<CommandResult> {
    const requestId = randomId();
    return new Promise((resolve) => {
      if (this.#isClosed || !this.#port.send({ type: 'moderate', requestId, command })) {
        resolve({ ok: false, message: words.room.commandUnsent });
        return;
      }
      const timer = setTimeout(
        () => this.#settle(requestId, { ok: false, message: words.room.commandSilent }),
        ANSWER_TIMEOUT_MS,
      );
      this.#pending.set(requestId, { settle: resolve, timer });
    });
  }

  /** Gives up what is pending, and stops listening. Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    this.#settleAll(words.room.commandLost);
  }

  #onMessage(message: ViewerMessage): void {
    if (message.type === 'done') {
      this.#settle(message.requestId, { ok: true, key: message.key, warning: message.warning });
    } else if (message.type === 'error' && message.requestId !== undefined) {
      this.#settle(message.requestId, { ok: false, message: message.message });
    }
  }

  #settle(requestId: string, result: CommandResult): void {
    const pending = this.#pending.get(requestId);
    if (pending === undefined) return;
    clearTimeout(pending.timer);
    this.#pending.delete(requestId);
    pending.settle(result);
  }

  #settleAll(message: string): void {
    for (const requestId of [...this.#pending.keys()])
      this.#settle(requestId, { ok: false, message });
  }
}
