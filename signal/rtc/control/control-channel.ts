/**
 * One end of a `control` channel: messages that pass their schema, no faster than agreed. What does
 * not is dropped and counted; the other end may be anybody.
 */
import type { CodecError } from '../../protocol/codec';
import type { ViewerControl } from '../../protocol/control';
import type { PhoneControl } from '../../protocol/control-reports';
import { MAX_CONTROL_LENGTH, MAX_CONTROL_PER_SECOND } from '../../protocol/control-limits';
import type { Result } from '../../protocol/result';

/** Unsent bytes above which nothing is added: the other end does not read, or the network is gone. */
const MAX_BUFFERED_BYTES = 64 * 1024;

/** What is needed of an `RTCDataChannel`. */
export interface DataChannelPort extends EventTarget {
  readonly readyState: RTCDataChannelState;
  readonly bufferedAmount: number;
  send(text: string): void;
  close(): void;
}

export interface ControlChannelOptions<Incoming> {
  readonly channel: DataChannelPort;
  readonly decode: (text: string) => Result<Incoming, CodecError>;
  /** The channel is open, now or already. */
  readonly opened: () => void;
  readonly received: (message: Incoming) => void;
  /** It closed by itself. */
  readonly closed: () => void;
}

/** See the head of this file. */
export class ControlChannel<Incoming, Outgoing extends PhoneControl | ViewerControl> {
  readonly #options: ControlChannelOptions<Incoming>;
  #windowStart = -Infinity;
  #inWindow = 0;
  #dropped = 0;
  #isClosed = false;

  constructor(options: ControlChannelOptions<Incoming>) {
    this.#options = options;
    const { channel } = options;
    channel.addEventListener('open', this.#onOpen);
    channel.addEventListener('message', this.#onMessage);
    channel.addEventListener('close', this.#onClose);
    // Open already where this part was loaded late; whoever makes us has us only after this.
    if (channel.readyState === 'open') queueMicrotask(this.#onOpen);
  }

  get isOpen(): boolean {
    return !this.#isClosed && this.#options.channel.readyState === 'open';
  }

  /** Messages that were not valid, too long or too many. */
  get dropped(): number {
    return this.#dropped;
  }

  /** @returns false when it is not sent: the channel is not open, or the other end does not read. */
  send(message: Outgoing): boolean {
    const { channel } = this.#options;
    if (!this.isOpen || channel.bufferedAmount > MAX_BUFFERED_BYTES) return false;
    const text = JSON.stringify(message);
    if (text.length > MAX_CONTROL_LENGTH) return false;
    try {
      channel.send(text);
      return true;
    } catch {
      // It closed in this moment: `close` follows.
      return false;
    }
  }

  /** Stops listening and closes the channel. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { channel } = this.#options;
    channel.removeEventListener('open', this.#onOpen);
    channel.removeEventListener('message', this.#onMessage);
    channel.removeEventListener('close', this.#onClose);
    channel.close();
  }

  readonly #onOpen = (): void => {
    if (!this.#isClosed) this.#options.opened();
  };

  readonly #onClose = (): void => this.#options.closed();

  readonly #onMessage = (event: Event): void => {
    const text: unknown = 'data' in event ? event.data : undefined;
    if (typeof text !== 'string' || text.length > MAX_CONTROL_LENGTH || !this.#mayRead()) {
      this.#dropped += 1;
      return;
    }
    const decoded = this.#options.decode(text);
    if (decoded.ok) this.#options.received(decoded.value);
    else this.#dropped += 1;
  };

  #mayRead(): boolean {
    const now = performance.now();
    if (now - this.#windowStart >= 1_000) {
      this.#windowStart = now;
      this.#inWindow = 0;
    }
    this.#inWindow += 1;
    return this.#inWindow <= MAX_CONTROL_PER_SECOND;
  }
}
