/**
 * What the desktop reads from its command line, and the switches it adds for Chromium. Plain
 * functions; `main.ts` hands them Electron's `app.commandLine`.
 */

/** The part of Electron's `app.commandLine` that is needed here. */
export interface Switches {
  hasSwitch(name: string): boolean;
  getSwitchValue(name: string): string;
}

/** How the embedded server should listen, and to whom. */
export interface ListenOptions {
  /** TCP port; 0 picks a free one. */
  port: number;
  /** Interface to bind; undefined leaves it to the server. */
  host: string | undefined;
  /** Off: the embedded server is not announced, and others are not looked for. */
  discovery: 'on' | 'off' | undefined;
  /** Whom it lets in; undefined leaves it to the server, which asks for keys. */
  access: 'keys' | 'open' | undefined;
}

/** Port that phones find by default; the same as the headless server's. */
export const DEFAULT_PORT = 8443;

/**
 * Reads `--port`, `--host`, `--discovery` and `--access`; the variables `SIGHTLINE_PORT` and so on
 * come second.
 *
 * @throws Error with a sentence for the person who typed a bad value.
 */
export function readListenOptions(switches: Switches, env: NodeJS.ProcessEnv): ListenOptions {
  const port = given(switches, 'port') ?? env['SIGHTLINE_PORT'] ?? '';
  const host = given(switches, 'host') ?? env['SIGHTLINE_HOST'];
  return {
    port: port === '' ? DEFAULT_PORT : parsePort(port),
    host: host === '' ? undefined : host,
    discovery: oneOf(['on', 'off'], 'discovery', switches, env['SIGHTLINE_DISCOVERY']),
    access: oneOf(['keys', 'open'], 'access', switches, env['SIGHTLINE_ACCESS']),
  };
}

/**
 * Chromium's list of disabled features, with ours added to what is there: the last switch of a
 * name wins, so a second one would undo the first.
 *
 * A page without camera permission offers `<uuid>.local` names instead of its addresses, which a
 * phone on another subnet cannot resolve (draft-ietf-mmusic-mdns-ice-candidates). The console
 * never captures, so the masking has to go.
 */
export function disabledFeatures(present: string): string {
  const names = present.split(',').filter((name) => name !== '');
  return [...new Set([...names, 'WebRtcHideLocalIpsWithMdns'])].join(',');
}

/** Chromium reads `--port 9000` as a switch without a value and a word. */
function given(switches: Switches, name: string): string | undefined {
  if (!switches.hasSwitch(name)) return undefined;
  const value = switches.getSwitchValue(name);
  if (value === '') throw new Error(`--${name} needs a value, written as --${name}=VALUE.`);
  return value;
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/u.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw new Error(`--port takes a number from 0 to 65535, not "${text}".`);
  return port;
}

/** One of two words; undefined where neither switch nor variable says anything. */
function oneOf<T extends string>(
  words: readonly [T, T],
  name: string,
  switches: Switches,
  variable = '',
): T | undefined {
  const text = given(switches, name) ?? variable;
  const word = words.find((one) => one === text);
  if (word === undefined && text !== '') {
    throw new Error(`--${name} takes ${words.join(' or ')}, not "${text}".`);
  }
  return word;
}
