/** What a phone really sends, by its own statistics and by what its encoder was told. */
import type { PhonePage } from './phone-page';
import { until } from './until';

/** Video of one connection as its sender counts it. */
export interface SentVideo {
  readonly width: number;
  readonly bytes: number;
  readonly frames: number;
}

/** One entry for each connection that stands. Runs inside a phone's page. */
export async function readSentVideo(): Promise<SentVideo[]> {
  const open = window.sightlineProbe.connections.filter(
    ({ connectionState }) => connectionState === 'connected',
  );
  const reports = await Promise.all(open.map((connection) => connection.getStats()));
  return reports
    .flatMap((report) => [...report.values()] as Record<string, unknown>[])
    .filter((stat) => stat['type'] === 'outbound-rtp' && stat['kind'] === 'video')
    .map((stat) => ({
      width: Number(stat['frameWidth'] ?? 0),
      bytes: Number(stat['bytesSent'] ?? 0),
      frames: Number(stat['framesEncoded'] ?? 0),
    }));
}

/** What the video encoder of the connection that stands was told. Runs inside a phone's page. */
export function readEncoding(): RTCRtpEncodingParameters | undefined {
  const sender = window.sightlineProbe.connections
    .filter(({ connectionState }) => connectionState === 'connected')
    .flatMap((connection) => connection.getSenders())
    .find(({ track }) => track?.kind === 'video');
  return sender?.getParameters().encodings[0];
}

/** Waits until a phone has encoded nothing for a second; returns how many frames it had. */
export async function untilEncodingStands(phone: PhonePage): Promise<number> {
  let before = -1;
  let frames = -1;
  await until(
    'the phone to stop encoding',
    () => phone.page.evaluate(readSentVideo),
    (sent) => {
      before = frames;
      frames = sent.reduce((sum, one) => sum + one.frames, 0);
      return frames === before;
    },
    // A working camera gives twenty pictures and more between two looks.
    { everyMs: 1_000 },
  );
  return frames;
}
