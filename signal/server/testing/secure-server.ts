/** A server that speaks TLS, with pages to serve and a root to trust. For tests only. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Config } from '../config';
import { createServer, type RunningServer, type ServerOptions } from '../create-server';
import { send, type TestResponse } from './secure-request';
import { emptyDir, TEST_CONFIG } from './test-server';

/** A running server and how to speak to it. */
export interface SecureServer {
  readonly server: RunningServer;
  /** `http://…` of the way in. */
  readonly plain: string;
  /** `https://…` of the main port. */
  readonly secure: string;
  /** Its own root as PEM; empty where it has none. */
  readonly ca: string;
  /** Asks the main port, trusting the root. */
  readonly get: (target: string, headers?: Record<string, string>) => Promise<TestResponse>;
}

/** Starts a server that closes when the test ends; `--tls auto` unless told. */
export async function startSecure(
  config: Partial<Config> = {},
  options: Partial<Omit<ServerOptions, 'config'>> = {},
): Promise<SecureServer> {
  const server = await createServer({
    config: {
      ...TEST_CONFIG,
      tls: { mode: 'auto' },
      dataDir: await emptyDir(),
      httpPort: 0,
      ...config,
    },
    logger: pino({ level: 'silent' }),
    pagesDir: await somePages(),
    ...options,
  });
  onTestFinished(() => server.close());
  const plain = `http://127.0.0.1:${server.httpPort ?? 0}`;
  const secure = `https://127.0.0.1:${server.port}`;
  const hasRoot = server.rootFingerprint !== undefined;
  const ca = hasRoot ? (await send(`${plain}/sightline-root.crt`)).body : '';
  return {
    server,
    plain,
    secure,
    ca,
    get: (target, headers = {}) => send(secure + target, { ca, headers }),
  };
}

/** A folder with files of a few pages; each holds its own name. */
export async function somePages(): Promise<string> {
  const folder = await emptyDir();
  for (const name of [
    'stream.html',
    'trust.html',
    'assets/trust-1.js',
    'assets/stream-1.js',
    'icons/icon.svg',
  ]) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, name);
  }
  return folder;
}
