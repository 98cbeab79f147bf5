import type { ControlPort } from './control-port';
import type { ControlAttachment, ControlledLink } from './controlled-link';
import { SessionControl } from './session-control';

/** Interval of telemetry, in milliseconds: one timer for all viewers. */
const TELEMETRY_INTERVAL_MS = 1_000;

/** Everything that controls one phone: a `SessionControl` for each connection to a viewer. */
export class PhoneControl {
  readonly #port: ControlPort;
  readonly #sessions = new Set<SessionControl>();
  readonly #stopListening: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(port: ControlPort) {
    this.#port = port;
    this.#stopListening = port.on('changed', () => this.#tellCamera());
  }

  /** Takes a new connection under control, until either end closes it. */
  attach(link: ControlledLink): ControlAttachment {
    const session = new SessionControl(link, this.#port, (closed) => this.#drop(closed));
    this.#sessions.add(session);
    this.#timer ??= setInterval(() => this.#tick(), TELEMETRY_INTERVAL_MS);
    return session;
  }

  /** Lets go of every connection. Idempotent. */
  close(): void {
    this.#stopListening();
    for (const session of [...this.#sessions]) session.close();
  }

  #drop(session: SessionControl): void {
    this.#sessions.delete(session);
    if (this.#sessions.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    // Zoom, focus and the like change without an event.
    this.#tellCamera();
    const facts = this.#port.phoneFacts();
    for (const session of this.#sessions) void session.tellTelemetry(facts);
  }

  #tellCamera(): void {
    for (const session of this.#sessions) session.tellCamera();
  }
}
