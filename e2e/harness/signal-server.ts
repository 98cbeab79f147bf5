/** The real headless server as its own process, to be stopped, killed and brought back. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { serverBundle } from '../../scripts/build/paths';
import type { Stage } from './stage';

/** The server listens in well under a second; this is for a very busy machine. */
const START_TIMEOUT_MS = 20_000;

const urlList = v.pipe(v.array(v.pipe(v.string(), v.url())), v.minLength(1));

/** The line the server prints when it listens. */
const readyLineSchema = v.object({
  event: v.literal('ready'),
  pid: v.number(),
  urls: v.object({
    stream: urlList,
    mobileStream: urlList,
    liveStreams: urlList,
    ws: urlList,
    health: urlList,
  }),
});

/** What the ready line says of addresses. */
export type ServerUrls = v.InferOutput<typeof readyLineSchema>['urls'];

/** Where and how a server runs. */
export interface ServerOptions {
  /** Further command-line options, such as `--resume-window 6`. */
  options?: string[];
  /** Address to listen on; this machine alone unless told. */
  host?: string;
  /** How it speaks; plain HTTP unless told, which is what loopback needs. */
  tls?: 'auto' | 'off';
  /** Whether keys are asked for; as by default, unless told. The URLs carry them. */
  access?: 'keys' | 'open';
  /** What to put before the command, such as `ip netns exec NAME`. */
  prefix?: string[];
  /** The server's file; it serves the pages that lie beside it. The built one unless told. */
  bundle?: string;
}

/** A server process and its successors on the same port. */
export class SignalServer {
  private child: ChildProcess | undefined;
  private ready: ServerUrls | undefined;
  private port = '0';
  private readonly log: string[] = [];
  private readonly output: string[] = [];

  /** @param dataDir - folder of what it keeps over all its lives */
  constructor(
    private readonly stage: Stage,
    private readonly settings: ServerOptions,
    private readonly dataDir: string,
  ) {}

  /** Addresses by what they lead to, the one for this machine first. */
  get urls(): ServerUrls {
    if (this.ready === undefined) throw new Error('The server was not started.');
    return this.ready;
  }

  /** Address of a page or of an endpoint on the host the tests use. */
  url(kind: keyof ServerUrls): string {
    return this.urls[kind][0] ?? '';
  }

  /** Its process, for a look at what it needs. */
  get pid(): number {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error('The server does not run.');
    return pid;
  }

  /** Everything it has printed after its ready lines, over all its lives. */
  get printed(): string {
    return this.output.join('\n');
  }

  /** Everything it has logged, over all its lives. */
  get logged(): string {
    return this.log.join('');
  }

  /**
   * Starts the server, again on the port it had before.
   *
   * @throws Error with what the server printed when it does not listen.
   */
  async start(): Promise<void> {
    const {
      prefix = [],
      host = '127.0.0.1',
      options = [],
      tls = 'off',
      access = 'keys',
      bundle = serverBundle,
    } = this.settings;
    const place = ['--host', host, '--port', this.port, '--data-dir', this.dataDir];
    const ownOptions = ['--json', ...place, '--tls', tls, '--access', access, ...options];
    const command = [...prefix, process.execPath, bundle, ...ownOptions];
    const child = spawn(command[0] ?? '', command.slice(1), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.stage.environment,
    });
    this.child = child;
    child.stderr.on('data', (chunk: Buffer) => this.log.push(chunk.toString()));
    const lines = createInterface({ input: child.stdout });
    const signal = AbortSignal.timeout(START_TIMEOUT_MS);
    try {
      const line: unknown[] = await Promise.race([
        once(lines, 'line', { signal }),
        once(child, 'exit', { signal }).then(() => Promise.reject(new Error('it ended at once'))),
      ]);
      this.ready = v.parse(readyLineSchema, JSON.parse(String(line[0]))).urls;
      this.port = new URL(this.url('stream')).port;
      lines.on('line', (printed) => this.output.push(printed));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`The server did not start: ${reason}\n${this.log.join('')}`, {
        cause: error,
      });
    }
  }

  /** Kills the process without a word, as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /**
   * Asks the process to end.
   *
   * @returns its exit code; null when it had to be killed after 6 s.
   */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  /** Writes what the server logged, over all its lives. */
  async keepEvidence(folder: string): Promise<void> {
    await writeFile(path.join(folder, 'server.log'), this.log.join(''));
  }

  private async end(how: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const child = this.child;
    this.child = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return null;
    const ended = once(child, 'exit');
    child.kill(how);
    const overdue = setTimeout(() => child.kill('SIGKILL'), 6_000);
    await ended;
    clearTimeout(overdue);
    return child.exitCode;
  }
}

/** Starts a server that ends with the stage. */
export async function startServer(
  stage: Stage,
  settings: ServerOptions = {},
): Promise<SignalServer> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-data-'));
  stage.own({ name: dataDir, close: () => rm(dataDir, { recursive: true, force: true }) });
  const server = new SignalServer(stage, settings, dataDir);
  stage.own({
    name: 'server',
    close: async () => {
      await server.stop();
    },
    keepEvidence: (folder) => server.keepEvidence(folder),
  });
  await server.start();
  return server;
}
