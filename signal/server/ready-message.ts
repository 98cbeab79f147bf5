/** What the server prints to stdout once it listens. */
import { isLoopbackHost, type ServerUrls } from './addresses';

/** Why phones elsewhere have to wait for HTTPS; said at every start. */
export const PLAIN_HTTP_NOTICE =
  'This server speaks plain HTTP: browsers give a camera only to pages opened on this machine, so other phones can open the page but not stream.';

/** The one line of `--json`. */
export function readyLine(urls: ServerUrls, pid: number): string {
  return `${JSON.stringify({ event: 'ready', pid, urls })}\n`;
}

/** The same for people. */
export function readyText(name: string, urls: ServerUrls): string {
  return [
    `${name} is ready.`,
    '',
    ...section('Phones stream from', urls.stream),
    ...section('Light page for old phones', urls.mobileStream),
    ...section('Console', urls.liveStreams),
    PLAIN_HTTP_NOTICE,
    'Stop with Ctrl-C.',
    '',
  ].join('\n');
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
