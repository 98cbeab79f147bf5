/** The command line's options: one table for parsing, environment variables and help. */
import { LIMIT_OPTIONS } from './limits/limit-options';

/** One option. */
export interface OptionSpec {
  /** `value` takes one, `list` may be given several times, `flag` takes none. */
  readonly kind: 'value' | 'list' | 'flag';
  /** What stands for the value in the help. */
  readonly placeholder?: string;
  readonly help: string;
  /** What a good value is, to end the sentence "--name must be …". */
  readonly expects?: string;
}

/** How the server speaks when neither `--tls` nor `--cert` says so. */
export const DEFAULT_TLS_MODE: 'auto' | 'off' = 'auto';

/** Every option by its long name. */
export const OPTIONS = {
  host: {
    kind: 'value',
    placeholder: 'address',
    help: 'address to listen on (default 0.0.0.0: every IPv4 network)',
    expects: 'an address or name of this machine, such as 0.0.0.0 or 127.0.0.1',
  },
  port: {
    kind: 'value',
    placeholder: 'number',
    help: 'port to listen on (default 8443; 0 picks a free one)',
    expects: 'a whole number from 0 to 65535',
  },
  tls: {
    kind: 'value',
    placeholder: 'mode',
    help: `auto serves HTTPS by a root of its own, off plain HTTP (default ${DEFAULT_TLS_MODE})`,
    expects: 'auto or off',
  },
  cert: {
    kind: 'value',
    placeholder: 'file',
    help: 'certificate of your own, with its chain, PEM; followed when it is renewed',
    expects: 'a file',
  },
  key: {
    kind: 'value',
    placeholder: 'file',
    help: 'private key of that certificate, PEM, without a passphrase',
    expects: 'a file',
  },
  'http-port': {
    kind: 'value',
    placeholder: 'number',
    help: 'plain HTTP port where phones begin (default 8080, another when that is taken; 0 picks a free one)',
    expects: 'a whole number from 0 to 65535',
  },
  'data-dir': {
    kind: 'value',
    placeholder: 'folder',
    help: "where root and certificate are kept (default: this user's data folder)",
    expects: 'a folder',
  },
  'trusted-proxy': {
    kind: 'list',
    placeholder: 'address',
    help: 'reverse proxy whose X-Forwarded-Host, -Proto and -For are believed',
    expects: 'an address or subnet, such as 127.0.0.1 or 10.0.0.0/24',
  },
  access: {
    kind: 'value',
    placeholder: 'keys|open',
    help: 'keys lets in who has a link with a key, open everybody, as an operator (default keys)',
    expects: 'keys or open',
  },
  name: {
    kind: 'value',
    placeholder: 'text',
    help: 'name of this server, shown to its clients (default Sightline)',
    expects: 'a name of 1 to 80 characters',
  },
  discovery: {
    kind: 'value',
    placeholder: 'on|off',
    help: 'announce the server by mDNS, so that consoles list it (default on)',
    expects: 'on or off',
  },
  stun: {
    kind: 'list',
    placeholder: 'stun:host:port',
    help: 'STUN server handed to clients (default none: a LAN needs none)',
    expects: 'like stun:host:port or stuns:host:port',
  },
  turn: {
    kind: 'list',
    placeholder: 'turn:user:password@host:port[?transport=udp]',
    help: 'TURN server handed to clients; the variable keeps it out of process lists',
    expects:
      'like turn:user:password@host:port?transport=udp, or turn:host:port beside --turn-secret',
  },
  'turn-secret': {
    kind: 'value',
    placeholder: 'secret',
    help: "secret shared with TURN servers given as turn:host:port (coturn's static-auth-secret): each client gets credentials for a day; the variable keeps it out of process lists",
    expects: 'a secret of 8 to 256 characters without spaces',
  },
  'max-clients': {
    kind: 'value',
    placeholder: 'number',
    help: 'phones and consoles at once (default 500)',
    expects: 'a whole number from 1 to 100000',
  },
  'max-streams': {
    kind: 'value',
    placeholder: 'number',
    help: 'streams at once (default 100)',
    expects: 'a whole number from 1 to 10000',
  },
  'resume-window': {
    kind: 'value',
    placeholder: 'seconds',
    help: 'time a dropped client may come back as itself (default 30)',
    expects: 'a number of seconds from 1 to 3600',
  },
  ...LIMIT_OPTIONS,
  'allowed-origin': {
    kind: 'list',
    placeholder: 'origin',
    help: "origin of further pages that may connect (default none but the server's own)",
    expects: 'an origin, such as https://desk.example',
  },
  metrics: {
    kind: 'value',
    placeholder: 'on|off',
    help: 'answer /metrics in the Prometheus text format: counts, never names (default on)',
    expects: 'on or off',
  },
  'log-level': {
    kind: 'value',
    placeholder: 'level',
    help: 'fatal, error, warn, info (default), debug, trace or silent',
    expects: 'one of fatal, error, warn, info, debug, trace, silent',
  },
  json: {
    kind: 'flag',
    help: 'print one line of JSON when ready, and logs as JSON lines',
    expects: 'true or false',
  },
  help: { kind: 'flag', help: 'print this and stop' },
  version: { kind: 'flag', help: 'print the version and stop' },
} as const satisfies Record<string, OptionSpec>;

/** Long name of an option. */
export type OptionName = keyof typeof OPTIONS;

/** The environment variable that stands for an option. */
export function variableOf(name: string): string {
  return `SIGHTLINE_${name.replaceAll('-', '_').toUpperCase()}`;
}

/** The text of `--help`. */
export function helpText(): string {
  const rows = Object.entries<OptionSpec>(OPTIONS).map(([name, { kind, placeholder, help }]) => {
    const usage = placeholder === undefined ? `--${name}` : `--${name} <${placeholder}>`;
    const text = kind === 'list' ? `${help}; may be repeated` : help;
    return usage.length > 26
      ? `  ${usage}\n${' '.repeat(30)}${text}`
      : `  ${usage.padEnd(28)}${text}`;
  });
  return [
    'Sightline signaling server: phones stream, consoles watch.',
    '',
    'Usage: npm run serve -- [options]',
    '',
    ...rows,
    '',
    `Each option is also an environment variable, such as ${variableOf('max-clients')}.`,
    '',
  ].join('\n');
}
