/** What the server prints to stdout once it listens. */
import { renderUnicodeCompact } from 'uqr';
import { isLoopbackHost, type ServerUrls } from './addresses';

/** Why phones elsewhere have to wait for HTTPS; said at every start without it. */
const PLAIN_HTTP_NOTICE =
  'This server speaks plain HTTP: browsers give a camera only to pages opened on this machine, so other phones can open the page but not stream. Start it with --tls auto, or put a proxy that speaks HTTPS before it.';

/** Said when no phone can reach this machine. */
const NO_NETWORK_NOTICE =
  'No address for phones was found: this server listens on this machine only, or the machine is on no private network. Choose another --host, connect it to a network, or give a certificate of your own with --cert and --key.';

/** What there is to say of a server that listens. */
export interface ReadyFacts {
  readonly urls: ServerUrls;
  /** SHA-256 of our own root, upper-case hex with colons; undefined where there is none. */
  readonly rootFingerprint: string | undefined;
}

/** The one line of `--json`. It holds keys: whoever redirects it sees to it that only the operator reads it. */
export function readyLine({ urls, rootFingerprint }: ReadyFacts, pid: number): string {
  return `${JSON.stringify({ event: 'ready', pid, urls, rootFingerprint })}\n`;
}

/**
 * What stands between phones and this server; undefined when nothing does.
 * @param isProxied - whether a proxy before it may speak HTTPS
 */
export function noticeOf(urls: ServerUrls, isProxied: boolean): string | undefined {
  if (isPlain(urls)) return isProxied ? undefined : PLAIN_HTTP_NOTICE;
  return firstForPhones(urls) === undefined ? NO_NETWORK_NOTICE : undefined;
}

/** The same for people, with a code to scan where phones can join. */
export function readyText(
  name: string,
  { urls, rootFingerprint }: ReadyFacts,
  notice: string | undefined,
): string {
  return [
    `${name} is ready.`,
    '',
    ...wayIn(urls),
    ...section('Phones stream from', urls.stream),
    ...section('Light page for old phones', urls.mobileStream),
    ...section('Console', urls.liveStreams),
    ...(rootFingerprint === undefined
      ? []
      : ['Fingerprint of the root that phones trust (SHA-256):', `  ${rootFingerprint}`, '']),
    ...(notice === undefined ? [] : [notice]),
    'Stop with Ctrl-C.',
    '',
  ].join('\n');
}

/** Said on a terminal when phones join elsewhere than before, with a code to scan. */
export function movedText(urls: ServerUrls): string {
  return [
    'The addresses of this machine have changed.',
    '',
    ...wayIn(urls),
    ...section('Phones stream from', urls.stream),
    ...(firstForPhones(urls) === undefined ? [NO_NETWORK_NOTICE, ''] : []),
  ].join('\n');
}

/** The first address that phones on the network can be sent to. */
export function firstForPhones({ trust, stream }: ServerUrls): string | undefined {
  return (trust ?? stream).find((url) => !isLoopbackHost(new URL(url).hostname));
}

function isPlain({ stream }: ServerUrls): boolean {
  return stream.every((url) => url.startsWith('http:'));
}

function wayIn(urls: ServerUrls): string[] {
  if (isPlain(urls)) return [];
  const url = firstForPhones(urls);
  if (url === undefined) return [];
  const title = urls.trust === undefined ? 'Join with a phone' : 'A new phone begins at';
  // Two modules of quiet zone are enough for phones, and leave room on a terminal of 80 columns.
  return [`${title}:`, `  ${url}`, '', renderUnicodeCompact(url, { border: 2 }), ''];
}

function section(title: string, urls: readonly string[]): string[] {
  return [
    `${title}:`,
    ...urls.map((url) =>
      isLoopbackHost(new URL(url).hostname) ? `  ${url}  (this machine)` : `  ${url}`,
    ),
    '',
  ];
}
