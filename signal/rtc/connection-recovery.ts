/**
 * Watches one peer connection and says when to repair it, the same at both ends: restart ICE at
 * `failed`, at `disconnected` only when no bytes arrived for 2 s (webrtc-pc, `RTCOfferOptions
 * .iceRestart`), and rebuild the connection when that did not help. How to repair is the owner's.
 */

/** Silence at `disconnected` that makes ICE restart worth it, in milliseconds. */
const SILENT_FOR_MS = 2_000;

/**
 * The same where signalling was lost and has returned, in milliseconds: a phone with a new address
 * resumes at once, but its connection goes on to look connected for some six seconds.
 */
const SILENT_SINCE_RETURN_MS = 1_000;

/** Time a repair gets before the next, stronger one, in milliseconds. */
const DEFAULT_PATIENCE_MS = 8_000;

export interface ConnectionRecoveryOptions {
  /** Bytes received so far over the present transport; undefined when it cannot be told. */
  readonly readBytesReceived: () => Promise<number | undefined>;
  readonly restartIce: () => void;
  readonly rebuild: () => void;
  /** Told when pictures may have stopped, and when the connection stands again. */
  readonly onHealthChanged: (isHealthy: boolean) => void;
  /** False while signalling is down: a repair could not be negotiated, so none is tried. */
  readonly canSignal: () => boolean;
  /** What broke the media may have broken signalling as well, and that shows much later by itself. */
  readonly doubtSignaling: () => void;
  /** Time a repair gets, in milliseconds; the subscriber's is longer, so that both do not act. */
  readonly patienceMs?: number;
}

/** What is watched: an `RTCPeerConnection`. */
export interface WatchedConnection {
  readonly connectionState: RTCPeerConnectionState;
  addEventListener(type: 'connectionstatechange', listener: () => void): void;
  removeEventListener(type: 'connectionstatechange', listener: () => void): void;
}

/** See the head of this file. */
export class ConnectionRecovery {
  readonly #options: ConnectionRecoveryOptions;
  readonly #patienceMs: number;
  #connection: WatchedConnection | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isHealthy = false;
  #hasRestarted = false;
  #isClosed = false;

  constructor(options: ConnectionRecoveryOptions) {
    this.#options = options;
    this.#patienceMs = options.patienceMs ?? DEFAULT_PATIENCE_MS;
  }

  /** True while the watched connection is connected, or only doubted for a moment. */
  get isHealthy(): boolean {
    return this.#isHealthy;
  }

  /** Watches a new connection instead of the one before. */
  watch(connection: WatchedConnection): void {
    this.#connection?.removeEventListener('connectionstatechange', this.#onStateChange);
    this.#connection = connection;
    this.#hasRestarted = false;
    connection.addEventListener('connectionstatechange', this.#onStateChange);
    this.#expectConnection();
    this.#setHealthy(false);
  }

  /** Waits for a first connection to be offered, and asks for another if none comes. */
  expectConnection(): void {
    this.#expectConnection();
  }

  /**
   * Signalling is back: repair at once what could not be repaired without it. What looks connected
   * has to show that it is.
   */
  signalingReturned(): void {
    if (this.#isClosed) return;
    if (this.#connection?.connectionState === 'connected') {
      void this.#restartIfSilent(this.#connection, SILENT_SINCE_RETURN_MS);
      return;
    }
    // What was tried without signalling never reached the other end.
    this.#hasRestarted = false;
    this.#repair();
  }

  /** Stops watching. Idempotent. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#connection?.removeEventListener('connectionstatechange', this.#onStateChange);
    this.#connection = undefined;
  }

  readonly #onStateChange = (): void => {
    const connection = this.#connection;
    switch (connection?.connectionState) {
      case 'connected':
        clearTimeout(this.#timer);
        this.#hasRestarted = false;
        this.#setHealthy(true);
        break;
      case 'connecting':
        // Also after `disconnected`, when the other end restarts ICE: it must not hang there.
        this.#expectConnection();
        break;
      case 'disconnected':
        this.#options.doubtSignaling();
        void this.#restartIfSilent(connection, SILENT_FOR_MS);
        break;
      case 'failed':
        this.#setHealthy(false);
        this.#repair();
        break;
      default:
        break;
    }
  };

  async #restartIfSilent(connection: WatchedConnection, forMs: number): Promise<void> {
    if (this.#hasRestarted) return; // A repair is under way and has its own patience.
    const before = await this.#options.readBytesReceived();
    if (!this.#isDoubtful(connection)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#options.readBytesReceived().then((after) => {
        if (!this.#isDoubtful(connection)) return;
        const isConnected = connection.connectionState === 'connected';
        const isCounted = before !== undefined && after !== undefined;
        if (isCounted ? after > before : isConnected) {
          if (!isConnected) void this.#restartIfSilent(connection, SILENT_FOR_MS);
          return;
        }
        if (!isConnected) this.#setHealthy(false);
        this.#repair();
      });
    }, forMs);
  }

  #isDoubtful(connection: WatchedConnection): boolean {
    return (
      this.#connection === connection &&
      (connection.connectionState === 'disconnected' ||
        connection.connectionState === 'connected') &&
      !this.#hasRestarted
    );
  }

  /** First an ICE restart, then new connections, until one stands. */
  #repair(): void {
    // First, so that the next repair comes even if this one throws.
    this.#expectConnection();
    if (this.#isClosed || !this.#options.canSignal()) return;
    if (this.#hasRestarted || this.#connection === undefined) {
      this.#options.rebuild();
    } else {
      this.#hasRestarted = true;
      this.#options.restartIce();
    }
  }

  #expectConnection(): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      if (this.#connection?.connectionState === 'connected') {
        // Restarted while it looked connected: no change of state has said that it is well.
        this.#hasRestarted = false;
        return;
      }
      this.#hasRestarted = true;
      this.#repair();
    }, this.#patienceMs);
  }

  #setHealthy(isHealthy: boolean): void {
    if (this.#isHealthy === isHealthy) return;
    this.#isHealthy = isHealthy;
    this.#options.onHealthChanged(isHealthy);
  }
}
