/** One WebSocket of the load: a socket, its frames, and answers to the server's pings. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { connect as connectSecurely, createSecureContext } from 'node:tls';
import { SUBPROTOCOL } from '../../../signal/protocol/limits';
import { clientFrame, FrameReader, OPCODE, type OnFrame } from './frames';

/** Where a client connects. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
}

/** The end of an HTTP head. */
const HEAD_END = '\r\n\r\n';

/** One for all plain sockets: each takes what it brings before the next is read. */
const readBuffer = Buffer.allocUnsafe(64 * 1024);

/** One for all encrypted sockets: on its own, Node makes a new one for each, which is slow. */
const secureContext = createSecureContext();

/** See the head of this file. */
export class RawClient {
  /** Told of every message. */
  onFrame: OnFrame = () => undefined;
  readonly #socket: Socket;
  /** The connection itself: below the encryption, or the same. */
  readonly #wire: Socket;
  readonly #reader = new FrameReader();
  #head: string | undefined = '';
  /** What the server said when it closed the connection. */
  #reason = 'without a word';
  #onOpen: () => void = () => undefined;
  #onFailed: (error: Error) => void = () => undefined;

  /**
   * Connects.
   * @param from - address of this machine that it comes from: each has only so many ports
   * @throws Error when the upgrade is refused or the connection ends before it
   */
  static open(target: Target, path: string, from: string): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const client = new RawClient(target, path, from);
      client.#onOpen = () => resolve(client);
      client.#onFailed = reject;
    });
  }

  private constructor({ host, port, isSecure }: Target, path: string, from: string) {
    const place = { host, port, localAddress: from };
    const take = (chunk: Buffer): void => this.#take(chunk);
    if (isSecure) {
      this.#wire = connect(place);
      const secured = { socket: this.#wire, secureContext, rejectUnauthorized: false };
      this.#socket = connectSecurely(secured);
      this.#socket.on('data', take);
    } else {
      const callback = (length: number): boolean => {
        take(readBuffer.subarray(0, length));
        return true;
      };
      this.#wire = connect({ ...place, onread: { buffer: readBuffer, callback } });
      this.#socket = this.#wire;
    }
    this.#wire.setNoDelay(true);
    this.#socket.on('error', (error) => this.#onFailed(error));
    this.#socket.on('close', () => this.#onFailed(new Error(`it was closed (${this.#reason})`)));
    this.#reader.onFrame = (opcode, bytes, from, to) => {
      if (opcode === OPCODE.ping) this.#answerPing(bytes.subarray(from, to));
      else if (opcode === OPCODE.close) {
        this.#reason = `${bytes.readUInt16BE(from)} ${bytes.toString('utf8', from + 2, to)}`;
      } else this.onFrame(opcode, bytes, from, to);
    };
    this.#socket.write(
      [
        `GET ${path} HTTP/1.1`,
        `Host: ${host}:${port}`,
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
        '\r\n',
      ].join('\r\n'),
    );
  }

  /** Sends what was made before. */
  send(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Sends a message that was not. */
  sendText(text: string): void {
    this.send(clientFrame(OPCODE.text, Buffer.from(text)).bytes);
  }

  /** Cuts it off: in good order ten thousand would keep their ports for a minute. */
  close(): void {
    this.#onFailed = () => undefined;
    this.#wire.resetAndDestroy();
  }

  #take(chunk: Buffer): void {
    if (this.#head === undefined) {
      this.#reader.take(chunk);
      return;
    }
    this.#head += chunk.toString('latin1');
    const end = this.#head.indexOf(HEAD_END);
    if (end === -1) return;
    const head = this.#head.slice(0, end);
    const first = Buffer.from(this.#head.slice(end + HEAD_END.length), 'latin1');
    if (!head.startsWith('HTTP/1.1 101 ')) {
      this.#onFailed(new Error(`The server refused: ${head.split('\r\n')[0] ?? ''}`));
      return;
    }
    this.#head = undefined;
    this.#onFailed = (error) => {
      throw new Error(`A client of the load was lost: ${error.message}`, { cause: error });
    };
    this.#onOpen();
    // Who opened it first gets to say what it wants to hear.
    if (first.length > 0) queueMicrotask(() => this.#reader.take(first));
  }

  #answerPing(payload: Buffer): void {
    this.send(clientFrame(OPCODE.pong, payload).bytes);
  }
}
