/**
 * Follows the machine a server runs on: networks come and go, certificates end. The system tells
 * nobody of either in a way that works everywhere, so it looks.
 */
import type { JoinAddress } from '../protocol/messages';

/**
 * Interval of the looks at addresses, files and the clock, in milliseconds. A phone that changes
 * networks takes about as long; one look costs a fraction of a millisecond.
 */
export const WATCH_INTERVAL_MS = 5_000;

/** What a watch needs. */
export interface HostWatchOptions {
  readonly intervalMs: number;
  /** Brings up to date what addresses depend on; called before each look. Must not throw. */
  readonly refresh: () => void;
  /** Where phones join at this moment. */
  readonly readAddresses: () => readonly JoinAddress[];
  /** Called when they are others than at the look before, or in another order. */
  readonly onChanged: () => void;
}

/**
 * Starts looking.
 * @returns the way to stop
 */
export function watchHost(options: HostWatchOptions): () => void {
  const { intervalMs, refresh, readAddresses, onChanged } = options;
  let known = JSON.stringify(readAddresses());
  const timer = setInterval(() => {
    refresh();
    const present = JSON.stringify(readAddresses());
    if (present === known) return;
    known = present;
    onChanged();
  }, intervalMs);
  return () => clearInterval(timer);
}
