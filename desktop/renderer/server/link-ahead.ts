/**
 * The link that the console is going to use, opened before the console itself has been loaded: its
 * first pictures connect while the screen that shows them is still being compiled and drawn. What
 * the server says meanwhile is kept for whoever takes the link over.
 */
import type { ViewerMessage, Welcome } from '../../../signal/protocol/messages';
import type { ServerState } from '../../bridge/contract';
import type { Host } from '../host/host';
import type { ServerLink } from './control-room';

/**
 * Longest time that drawing waits for the first picture to connect, in milliseconds. On a LAN it
 * takes less than half of it; the whole is not noticed by a person who opens a page.
 */
export const PATIENCE_MS = 150;

export interface LinkAheadOptions<Link extends ServerLink> {
  readonly host: Pick<Host, 'watchServer'>;
  /** Makes a link that has not connected yet. */
  readonly openLink: (origin: string, key: string | undefined) => Link;
}

interface Held<Link> {
  readonly origin: string;
  readonly key: string | undefined;
  readonly link: Link;
  readonly heard: ViewerMessage[];
  readonly stops: (() => void)[];
}

/** See the head of this file. */
export class LinkAhead<Link extends ServerLink> {
  readonly #openLink: LinkAheadOptions<Link>['openLink'];
  readonly #unwatch: () => void;
  readonly #settled: Promise<void>;
  readonly #timer: ReturnType<typeof setTimeout>;
  #settle: () => void = () => undefined;
  #held: Held<Link> | undefined;
  #isOver = false;

  /** Connects as soon as the host names a server. */
  constructor({ host, openLink }: LinkAheadOptions<Link>) {
    this.#openLink = openLink;
    this.#settled = new Promise((settle) => (this.#settle = settle));
    this.#timer = setTimeout(this.#settle, PATIENCE_MS);
    this.#unwatch = host.watchServer((state) => this.#onHostState(state));
  }

  /**
   * Resolves when drawing would disturb no more: the first picture is connected, there is none to
   * come, or it takes too long.
   */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /**
   * Hands the link over, with what it has heard; once, and only to whoever wants this very one. It
   * is closed otherwise. Without a key, the one it was opened with counts: a page can take the key
   * out of its address but once.
   */
  take(
    origin: string,
    key: string | undefined,
  ): (Link & { readonly heard: readonly ViewerMessage[] }) | undefined {
    const held = this.#held;
    const isWanted = held?.origin === origin && (key === undefined || key === held.key);
    if (held === undefined || !isWanted) {
      this.close();
      return undefined;
    }
    this.#held = undefined;
    for (const stop of held.stops) stop();
    this.close();
    return { ...held.link, heard: held.heard };
  }

  /** Closes the link unless somebody has taken it. Idempotent. */
  close(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#settle();
    this.#unwatch();
    for (const stop of this.#held?.stops ?? []) stop();
    this.#held?.link.close();
    this.#held = undefined;
  }

  #onHostState(state: ServerState): void {
    // A host may tell within the very call by which it is asked, and once more after it was left.
    if (this.#isOver || this.#held !== undefined || state.state !== 'ready') return;
    const { origin, key } = state;
    const link = this.#openLink(origin, key);
    const { signaling, streams } = link;
    const heard: ViewerMessage[] = [];
    const stops = [
      signaling.on('message', (message) => heard.push(message)),
      signaling.on('welcomed', (welcome) => this.#onWelcomed(welcome)),
      signaling.on('statusChanged', (status) => {
        if (status === 'failed') this.#settle();
      }),
      streams.on('streamChanged', ({ subscriber }) => {
        if (subscriber !== undefined) stops.push(subscriber.on('stateChanged', this.#settle));
      }),
    ];
    this.#held = { origin, key, link, heard, stops };
    signaling.connect();
  }

  #onWelcomed(welcome: Welcome): void {
    if (welcome.streams.length === 0) this.#settle();
  }
}
