/**
 * Answers `app://sightline/live-streams/…` from the built console. The only reader of files on
 * behalf of a page, so it gives out nothing but what lies below the console's own folder.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CONTENT_SECURITY_POLICY, isConsoleOrigin } from './security';

const PREFIX = '/live-streams/';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Serves the console out of `pagesDir`, the folder that holds its `index.html`. */
export async function servePage(
  request: { method: string; url: string },
  pagesDir: string,
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405);
  const file = fileFor(request.url, pagesDir);
  if (file === undefined) return refusal(404);
  const contentType = CONTENT_TYPES[path.extname(file)];
  if (contentType === undefined) return refusal(404);
  const body = await contentOf(file);
  if (body === undefined) return refusal(404);
  return new Response(request.method === 'HEAD' ? null : body, {
    headers: { 'content-type': contentType, ...headers },
  });
}

/**
 * File that an address stands for.
 *
 * @returns undefined when the address lies outside of the console, however it is written.
 */
export function fileFor(address: string, pagesDir: string): string | undefined {
  if (!isConsoleOrigin(address)) return undefined;
  const pathname = decoded(new URL(address).pathname);
  if (pathname?.startsWith(PREFIX) !== true) return undefined;
  // Windows takes backslashes and drive letters, and no file name holds a zero byte.
  if (/[\\:\0]/u.test(pathname)) return undefined;
  const relative = pathname.slice(PREFIX.length);
  const file = path.join(
    pagesDir,
    relative.endsWith('/') || relative === '' ? `${relative}index.html` : relative,
  );
  const back = path.relative(pagesDir, file);
  return back.startsWith('..') || path.isAbsolute(back) ? undefined : file;
}

const headers = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

function refusal(status: number): Response {
  return new Response(status === 404 ? 'There is no such page.' : 'This cannot be done here.', {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  });
}

function decoded(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    // A broken escape names no file.
    return undefined;
  }
}

async function contentOf(file: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR';
}
