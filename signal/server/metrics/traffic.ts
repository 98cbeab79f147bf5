/** Counts what goes through all WebSockets, for `/metrics`. */

/** Messages and bytes of one direction since the start. */
export interface TrafficCounts {
  messages: number;
  bytes: number;
}

/** See the head of this file. */
export class Traffic {
  /** What clients sent: every byte after the upgrade, and the messages that came of them. */
  readonly received: TrafficCounts = { messages: 0, bytes: 0 };
  /** What they were sent: messages, and their bytes before framing and TLS. */
  readonly sent: TrafficCounts = { messages: 0, bytes: 0 };
}
