/**
 * The server's log: to stderr, written at once so that nothing is lost at an exit, readable on a
 * terminal and JSON lines elsewhere. Credentials and SDP are kept out three times over: nobody
 * logs messages, known fields are censored, and every line is swept before it is written.
 */
import { destination, pino, type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config';

const CENSORED = '[hidden]';
const SECRET_FIELDS = [
  'resumeToken',
  'key',
  'deviceKey',
  'credential',
  'sdp',
  'candidate',
  'password',
  'secret',
];

/** Passwords in SDP and in TURN options, keys in links, and secret fields inside quoted JSON. */
const SECRETS_IN_TEXT: readonly (readonly [RegExp, string])[] = [
  [/a=ice-pwd:[\w+/]+/gu, `a=ice-pwd:${CENSORED}`],
  [/\b(turns?:[^:@\s"]+):[^\s"]+@/giu, `$1:${CENSORED}@`],
  [/#key=[\w-]+/gu, `#key=${CENSORED}`],
  [
    new RegExp(
      String.raw`(\\?"(?:${SECRET_FIELDS.join('|')})\\?":\s*\\?")(?:[^"\\]|\\(?!")[^"])*`,
      'gu',
    ),
    `$1${CENSORED}`,
  ],
];

/** Takes what must not be read by others out of a line. */
export function sweep(line: string): string {
  return SECRETS_IN_TEXT.reduce((text, [pattern, cover]) => text.replace(pattern, cover), line);
}

/**
 * Makes the log.
 * @param stream - where it goes; stderr by default
 */
export function createLogger(
  { logLevel, json }: Pick<Config, 'logLevel' | 'json'>,
  stream: DestinationStream = stderrStream(json),
): Logger {
  return pino(
    {
      level: logLevel,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: CENSORED,
      },
      hooks: { streamWrite: sweep },
    },
    stream,
  );
}

function stderrStream(json: boolean): DestinationStream {
  if (json || !process.stderr.isTTY) return destination({ fd: 2, sync: true });
  return pretty({ destination: 2, sync: true, colorize: true, translateTime: 'SYS:HH:MM:ss' });
}
