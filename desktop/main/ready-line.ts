/** The line with which a server says that it listens. */
import * as v from 'valibot';
import { fingerprintSchema, serverOriginSchema } from '../bridge/contract';
import { keyOf } from './server-address';

const urls = v.pipe(v.array(v.pipe(v.string(), v.url())), v.minLength(1));

const readyLineSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    event: v.literal('ready'),
    pid: v.number(),
    rootFingerprint: v.optional(fingerprintSchema),
    urls: v.object({
      stream: urls,
      mobileStream: urls,
      liveStreams: urls,
      ws: urls,
      health: urls,
    }),
  }),
);

/** What the desktop needs to know of a server that is ready. */
export interface ReadyServer {
  /** Where signaling is reached from this machine, such as `ws://127.0.0.1:8443`. */
  origin: string;
  port: number;
  /** The root it shows, where it has one of its own. */
  rootFingerprint: string | undefined;
  /** The operator's key; undefined where the server lets everybody in. */
  key: string | undefined;
}

/** Reads a line of the server's output; undefined when it is anything but a ready line. */
export function parseReadyLine(line: string): ReadyServer | undefined {
  const parsed = v.safeParse(readyLineSchema, line);
  if (!parsed.success) return undefined;
  // Each list starts with the address that works on this machine.
  const url = new URL(parsed.output.urls.ws[0] ?? '');
  const origin = v.safeParse(serverOriginSchema, `${url.protocol}//${url.host}`);
  if (!origin.success) return undefined;
  const usual = url.protocol === 'wss:' ? 443 : 80;
  return {
    origin: origin.output,
    port: url.port === '' ? usual : Number(url.port),
    rootFingerprint: parsed.output.rootFingerprint,
    key: keyOf(parsed.output.urls.liveStreams[0] ?? ''),
  };
}
