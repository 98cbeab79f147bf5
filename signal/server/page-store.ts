/**
 * The built pages, in memory: they are small, and what is asked for is only ever looked up in a
 * table. No request reaches the file system, so none can leave its folder, list it, or see it
 * half-way through a new build.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One encoding of a file. */
export interface PageVariant {
  readonly body: Buffer;
  /** A strong validator (RFC 9110 section 8.8.3): by content, so the same on every server. */
  readonly etag: string;
}

/** One file. */
export interface Page {
  /** The `Content-Type`. */
  readonly type: string;
  readonly plain: PageVariant;
  /** What the build has compressed beside it. */
  readonly br: PageVariant | undefined;
  readonly gzip: PageVariant | undefined;
}

/** What the build writes; anything else is handed over as bytes that no browser runs. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

const COMPRESSED = /\.(?:br|gz)$/u;

/** See the head of this file. */
export class PageStore {
  readonly #pages = new Map<string, Page>();

  /**
   * Reads a folder. Hidden files, links and what is compressed without its original stay out.
   * @throws when a file cannot be read
   */
  constructor(folder: string) {
    const files = new Map(filesOf(folder, '').map((name) => [name, path.join(folder, name)]));
    for (const [name, file] of files) {
      if (COMPRESSED.test(name)) continue;
      this.#pages.set(name, {
        type: TYPES[path.extname(name).toLowerCase()] ?? 'application/octet-stream',
        plain: read(file),
        br: readIfAny(files.get(`${name}.br`)),
        gzip: readIfAny(files.get(`${name}.gz`)),
      });
    }
  }

  /**
   * Finds what a path stands for: a file, one without its `.html`, or the first page of a folder.
   * @param pathname - as it was sent, without query
   */
  find(pathname: string): Page | undefined {
    const name = decode(pathname)?.replace(/\/$/u, '');
    if (name === undefined) return undefined;
    return (
      this.#pages.get(name) ??
      this.#pages.get(`${name}.html`) ??
      this.#pages.get(`${name}/index.html`)
    );
  }
}

function filesOf(folder: string, prefix: string): string[] {
  return readdirSync(path.join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const name = `${prefix}/${entry.name}`;
    if (entry.name.startsWith('.')) return [];
    if (entry.isDirectory()) return filesOf(folder, name);
    return entry.isFile() ? [name] : [];
  });
}

function read(file: string): PageVariant {
  const body = readFileSync(file);
  const digest = createHash('sha256').update(body).digest('base64url');
  return { body, etag: `"${digest.slice(0, 22)}"` };
}

function readIfAny(file: string | undefined): PageVariant | undefined {
  return file === undefined ? undefined : read(file);
}

function decode(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    // Broken escapes name nothing.
    return undefined;
  }
}
