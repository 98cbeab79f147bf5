/** A `WebSocket` without a network: the test speaks for the server. */
import { decodeClientMessage } from '../protocol/codec';
import type { ClientMessage, ServerMessage } from '../protocol/messages';

/** One socket that a page opened. */
export class FakeWebSocket {
  readonly url: string;
  readonly subprotocol: string;
  /** What the page sent, decoded; a frame that the server would refuse throws instead. */
  readonly sent: ClientMessage[] = [];
  readyState: 0 | 1 | 2 | 3 = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: ((event: { readonly code: number }) => void) | null = null;

  constructor(url: string, subprotocol: string) {
    this.url = url;
    this.subprotocol = subprotocol;
  }

  /** What the page may call. */
  send(text: string): void {
    if (this.readyState === 0) throw new Error('Sent before the socket was open');
    const decoded = decodeClientMessage(text);
    if (!decoded.ok) throw new Error(decoded.error.message);
    this.sent.push(decoded.value);
  }

  /** What the page may call. */
  close(): void {
    if (this.readyState < 2) this.readyState = 2;
  }

  /** The handshake succeeds. */
  accept(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  /** A message arrives. */
  deliver(message: ServerMessage): void {
    this.deliverFrame(JSON.stringify(message));
  }

  /** Anything arrives. */
  deliverFrame(data: unknown): void {
    this.onmessage?.({ data });
  }

  /** The socket is closed by the other end or by the network. */
  drop(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

/** Sockets of one test, and the class to put in place of the global `WebSocket`. */
export interface FakeWebSockets {
  readonly all: readonly FakeWebSocket[];
  /** The newest one. */
  readonly latest: FakeWebSocket;
  /** Those the page has neither closed nor lost. */
  readonly open: readonly FakeWebSocket[];
  readonly WebSocket: typeof FakeWebSocket;
}

/** Makes a fresh set; install it with `vi.stubGlobal('WebSocket', sockets.WebSocket)`. */
export function createFakeWebSockets(): FakeWebSockets {
  const all: FakeWebSocket[] = [];
  return {
    all,
    get latest() {
      const socket = all.at(-1);
      if (socket === undefined) throw new Error('No socket was opened');
      return socket;
    },
    get open() {
      return all.filter(({ readyState }) => readyState < 2);
    },
    WebSocket: class extends FakeWebSocket {
      constructor(url: string, subprotocol: string) {
        super(url, subprotocol);
        all.push(this);
      }
    },
  };
}
