/** Command line and environment in, validated configuration out; pure. */
import { homedir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { RESUME_WINDOW_MS } from '../protocol/limits';
import { fail, ok, type Result } from '../protocol/result';
import type { AccessMode } from './access/room-book';
import { iceSettings, parseStun, parseTurn, splitList, type IceSettings } from './ice-options';
import { readLimits } from './limits/limit-options';
import type { Limits } from './limits/limits';
import { parseOrigin } from './limits/origin-check';
import { DEFAULT_TLS_MODE, OPTIONS, variableOf, type OptionName, type OptionSpec } from './options';
import { defaultDataDir } from './tls/data-folder';
import { parseSubnet } from './trusted-proxies';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Whether and how the server speaks TLS. */
export type TlsConfig =
  | { readonly mode: 'off' }
  | { readonly mode: 'auto' }
  /** A certificate of the operator's own. */
  | { readonly mode: 'files'; readonly certFile: string; readonly keyFile: string };

/** How the server runs. */
export interface Config extends IceSettings {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsConfig;
  /** Port of the plain HTTP way in; undefined takes the usual one if it is free. */
  readonly httpPort: number | undefined;
  /** Absolute path of the folder where the server keeps what must outlive it. */
  readonly dataDir: string;
  /** Addresses and subnets of reverse proxies whose `X-Forwarded-…` are believed. */
  readonly trustedProxies: readonly string[];
  /** Whether a link with a key is needed to come in. */
  readonly access: AccessMode;
  readonly name: string;
  /** Announce the server on its networks by mDNS. */
  readonly discovery: boolean;
  /** Origins of further pages that may connect, as browsers write them. */
  readonly allowedOrigins: readonly string[];
  /** What anybody may do to the server. */
  readonly limits: Limits;
  /** Answer `/metrics`. */
  readonly metrics: boolean;
  readonly maxClients: number;
  readonly maxStreams: number;
  readonly resumeWindowMs: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Print the ready line as JSON. */
  readonly json: boolean;
}

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'run'; readonly config: Config }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };

/** One line that names the option; it never repeats a value that may hold a password. */
export type ConfigError = string;

type RawValues = Partial<Record<OptionName, string | string[] | boolean>>;

function wholeNumber(min: number, max: number) {
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,6}$/u),
    v.transform(Number),
    v.minValue(min),
    v.maxValue(max),
  );
}

function list<T>(parse: (text: string) => T | undefined) {
  return v.pipe(
    v.array(v.string()),
    v.transform((texts) => texts.flatMap(splitList).map(parse)),
    v.array(v.custom<T>((item) => item !== undefined)),
  );
}

const filePath = v.pipe(
  v.string(),
  v.minLength(1),
  v.transform((file) => path.resolve(file)),
);

const schema = v.object({
  host: v.optional(v.pipe(v.string(), v.regex(/^[\w.:%-]{1,255}$/u)), '0.0.0.0'),
  port: v.optional(wholeNumber(0, 65_535), '8443'),
  tls: v.optional(v.picklist(['auto', 'off'])),
  cert: v.optional(filePath),
  key: v.optional(filePath),
  'http-port': v.optional(wholeNumber(0, 65_535)),
  'data-dir': v.optional(filePath),
  'trusted-proxy': v.optional(list(parseSubnet), []),
  name: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80)), 'Sightline'),
  access: v.optional(v.picklist(['keys', 'open']), 'keys'),
  discovery: v.optional(v.picklist(['on', 'off']), 'on'),
  stun: v.optional(list(parseStun), []),
  turn: v.optional(list(parseTurn), []),
  // Every client is given an HMAC by it: a short one could be found by trying.
  'turn-secret': v.optional(v.pipe(v.string(), v.regex(/^\S{8,256}$/u))),
  'max-clients': v.optional(wholeNumber(1, 100_000), '500'),
  'max-streams': v.optional(wholeNumber(1, 10_000), '100'),
  'resume-window': v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,4}(?:\.\d{1,3})?$/u),
      v.transform(Number),
      v.minValue(1),
      v.maxValue(3600),
    ),
    String(RESUME_WINDOW_MS / 1000),
  ),
  'allowed-origin': v.optional(list(parseOrigin), []),
  metrics: v.optional(v.picklist(['on', 'off']), 'on'),
  'log-level': v.optional(v.picklist(LOG_LEVELS), 'info'),
  json: v.optional(
    v.union([
      v.boolean(),
      v.pipe(
        v.picklist(['1', 'true', '0', 'false']),
        v.transform((text) => text === '1' || text === 'true'),
      ),
    ]),
    false,
  ),
});

/**
 * Reads the command line, then the environment for what it leaves open.
 * @param args - without the program itself
 */
export function parseConfig(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Result<Command, ConfigError> {
  const given = readArguments(args);
  if (!given.ok) return given;
  if (given.value.help === true) return ok({ kind: 'help' });
  if (given.value.version === true) return ok({ kind: 'version' });

  const raw = { ...readEnvironment(environment), ...given.value };
  const parsed = v.safeParse(schema, raw, { abortEarly: true });
  if (!parsed.success) {
    const name = parsed.issues[0].path?.[0].key;
    return fail(refusal(typeof name === 'string' ? name : '', given.value));
  }
  const values = parsed.output;
  const limits = readLimits(raw);
  if (!limits.ok) return fail(refusal(limits.error, given.value));
  const tls = tlsConfig(values);
  if (!tls.ok) return tls;
  const ice = iceSettings(values.stun, values.turn, values['turn-secret']);
  if (!ice.ok) return ice;
  return ok({
    kind: 'run',
    config: {
      host: values.host,
      port: values.port,
      tls: tls.value,
      httpPort: values['http-port'],
      dataDir:
        values['data-dir'] ??
        defaultDataDir({ platform: process.platform, homeDir: homedir(), environment }),
      trustedProxies: values['trusted-proxy'],
      access: values.access,
      name: values.name,
      discovery: values.discovery === 'on',
      ...ice.value,
      allowedOrigins: values['allowed-origin'],
      limits: withRoomFor(values['max-clients'], limits.value),
      metrics: values.metrics === 'on',
      maxClients: values['max-clients'],
      maxStreams: values['max-streams'],
      resumeWindowMs: values['resume-window'] * 1000,
      logLevel: values['log-level'],
      json: values.json,
    },
  });
}

/** Each client holds a connection, and its page a few more while it loads. */
function withRoomFor(maxClients: number, limits: Limits): Limits {
  return { ...limits, maxConnections: Math.max(limits.maxConnections, maxClients * 2) };
}

function tlsConfig({
  tls,
  cert,
  key,
}: v.InferOutput<typeof schema>): Result<TlsConfig, ConfigError> {
  if (cert === undefined && key === undefined) return ok({ mode: tls ?? DEFAULT_TLS_MODE });
  if (cert === undefined) return fail('--key needs --cert, the certificate that it belongs to.');
  if (key === undefined) return fail('--cert needs --key, the private key that belongs to it.');
  if (tls === 'off') return fail('--tls off and --cert exclude each other; leave one of them out.');
  return ok({ mode: 'files', certFile: cert, keyFile: key });
}

function readArguments(args: readonly string[]): Result<RawValues, ConfigError> {
  const specs = Object.entries<OptionSpec>(OPTIONS);
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      specs.map(([name, { kind }]) => [name, { type: kind === 'flag' ? 'boolean' : 'string' }]),
    ),
    // Our own sentences name the option; the parser's span lines and differ between versions.
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: RawValues = {};
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      return fail(`"${token.value}" is not an option; options start with --, see --help.`);
    }
    if (!isOptionName(token.name)) return fail(`Unknown option ${token.rawName}; see --help.`);
    const spec: OptionSpec = OPTIONS[token.name];
    if (spec.kind === 'flag') {
      if (token.value !== undefined) return fail(`--${token.name} takes no value.`);
      values[token.name] = true;
    } else if (token.value === undefined) {
      return fail(`--${token.name} needs a value: it must be ${spec.expects ?? 'given'}.`);
    } else if (spec.kind === 'list') {
      const before = values[token.name];
      values[token.name] = [...(Array.isArray(before) ? before : []), token.value];
    } else {
      values[token.name] = token.value;
    }
  }
  return ok(values);
}

function readEnvironment(environment: Readonly<Record<string, string | undefined>>): RawValues {
  const values: RawValues = {};
  for (const [name, spec] of Object.entries<OptionSpec>(OPTIONS)) {
    const value = environment[variableOf(name)];
    if (value === undefined || value === '' || !isOptionName(name)) continue;
    values[name] = spec.kind === 'list' ? [value] : value;
  }
  return values;
}

function refusal(name: string, given: RawValues): ConfigError {
  if (!isOptionName(name)) return 'The options cannot be read; see --help.';
  const spec: OptionSpec = OPTIONS[name];
  const spelled = given[name] === undefined ? `${variableOf(name)} (--${name})` : `--${name}`;
  return `${spelled} must be ${spec.expects ?? 'another value'}.`;
}

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}
