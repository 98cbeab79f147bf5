import type { ViewerControl } from '../protocol/control';
import type { PhoneControl } from '../protocol/control-reports';
import { decodeViewerControl } from '../protocol/control-codec';
import { decodePhoneControl } from '../protocol/control-reports-codec';

type ControlMessage = PhoneControl | ViewerControl;

/**
 * An `RTCDataChannel` without a network. The test speaks for the other end, or joins two of them.
 * As in browsers, what is sent arrives later, and `close()` closes both ends.
 */
export class FakeDataChannel extends EventTarget {
  readyState: RTCDataChannelState = 'connecting';
  bufferedAmount = 0;
  /** Everything sent since it was last emptied; what is not valid throws. */
  sent: ControlMessage[] = [];
  #other: FakeDataChannel | undefined;

  constructor(
    readonly label = 'control',
    readonly options: RTCDataChannelInit = {},
  ) {
    super();
  }

  /** Two ends of one channel, open. */
  static pair(): readonly [FakeDataChannel, FakeDataChannel] {
    const ends = [new FakeDataChannel(), new FakeDataChannel()] as const;
    ends[0].join(ends[1]);
    return ends;
  }

  /** Opens both ends towards each other. */
  join(other: FakeDataChannel): void {
    this.#other = other;
    other.#other = this;
    this.open();
    other.open();
  }

  open(): void {
    this.readyState = 'open';
    this.dispatchEvent(new Event('open'));
  }

  send(text: string): void {
    if (this.readyState !== 'open') throw new DOMException('Not open', 'InvalidStateError');
    this.sent.push(decoded(text));
    const other = this.#other;
    queueMicrotask(() => {
      if (other?.readyState === 'open') other.receive(text);
    });
  }

  /** The other end said this: text as it is, anything else as JSON. */
  receive(message: unknown): void {
    const data = typeof message === 'string' ? message : JSON.stringify(message);
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }

  close(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.dispatchEvent(new Event('close'));
    this.#other?.close();
  }

  /** Messages sent, of one type. */
  sentOf<T extends ControlMessage['type']>(type: T): Extract<ControlMessage, { type: T }>[] {
    return this.sent.filter(
      (message): message is Extract<ControlMessage, { type: T }> => message.type === type,
    );
  }
}

function decoded(text: string): ControlMessage {
  const viewer = decodeViewerControl(text);
  if (viewer.ok) return viewer.value;
  const phone = decodePhoneControl(text);
  if (phone.ok) return phone.value;
  throw new Error(`${viewer.error.message} ${phone.error.message}`);
}
