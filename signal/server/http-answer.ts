/** Short answers of our own, beside the files that are served. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What an answer carries. */
export interface Answer {
  readonly status: number;
  /** The `Content-Type`. */
  readonly type: string;
  readonly body: string;
}

/** Types of what we write ourselves. */
export const HTML = 'text/html; charset=utf-8';
export const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends an answer, without its body where the request was a HEAD. */
export function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, body }: Answer,
): void {
  response.statusCode = status;
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** A small page that says one thing and shows the way home. */
export function sentencePage(status: number, sentence: string): Answer {
  const body = [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<title>Sightline</title>',
    `<p>${sentence.replaceAll('"', '&quot;')}</p>`,
    '<p><a href="/">Sightline</a></p>',
    '</html>',
    '',
  ].join('\n');
  return { status, type: HTML, body };
}

/**
 * Path of a request target, without its query. A target may be a whole URL (RFC 9112 section
 * 3.2.2); its host counts for nothing, as there is one site only.
 */
export function pathOf(target: string | undefined): string {
  const [pathname = ''] = (target ?? '').replace(/^https?:\/\/[^/?#]*/iu, '').split(/[?#]/u, 1);
  return pathname === '' ? '/' : pathname;
}
