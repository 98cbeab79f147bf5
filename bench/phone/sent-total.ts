import type { Page } from 'playwright';
import { readSentVideo } from '../../e2e/harness/sent-video';

/** Video that a page sends, over all of its connections. */
export interface SentTotal {
  /** Connections that send pictures. */
  readonly senders: number;
  /** Counters over all connections. */
  readonly frames: number;
  readonly bytes: number;
  /** Widest picture that is sent, in pixels. */
  readonly width: number;
}

/** Reads what a page has sent so far, by the connections that its probe knows. */
export async function readSentTotal(page: Page): Promise<SentTotal> {
  const sent = await page.evaluate(readSentVideo);
  return {
    senders: sent.length,
    frames: sum(sent.map(({ frames }) => frames)),
    bytes: sum(sent.map(({ bytes }) => bytes)),
    width: Math.max(0, ...sent.map(({ width }) => width)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
