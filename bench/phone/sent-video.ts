import type { Page } from 'playwright';

/** Video that a page sends, over all of its connections. */
export interface SentVideo {
  /** Connections that send pictures. */
  readonly senders: number;
  /** Counters over all connections. */
  readonly frames: number;
  readonly bytes: number;
  /** Widest picture that is sent, in pixels. */
  readonly width: number;
}

/** Reads what a page has sent so far, by the connections that its probe knows. */
export async function readSentVideo(page: Page): Promise<SentVideo> {
  const sent = await page.evaluate(async () => {
    const open = window.sightlineProbe.connections.filter(
      ({ connectionState }) => connectionState === 'connected',
    );
    const reports = await Promise.all(open.map((connection) => connection.getStats()));
    return reports
      .flatMap((report) => [...report.values()] as Record<string, unknown>[])
      .filter((stat) => stat['type'] === 'outbound-rtp' && stat['kind'] === 'video')
      .map((stat) => ({
        frames: Number(stat['framesEncoded'] ?? 0),
        bytes: Number(stat['bytesSent'] ?? 0),
        width: Number(stat['frameWidth'] ?? 0),
      }));
  });
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
