/** A real TURN server, coturn, on this machine alone, that knows clients by a shared secret. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findTurnServer } from '../../scripts/provision/coturn';
import type { Stage } from './stage';
import { until } from './until';

const HOST = '127.0.0.1';

/** An orderly end takes well under a second; a longer one is cut off, in milliseconds. */
const END_TIMEOUT_MS = 3_000;

/** A coturn process and its successors on the same port. */
export class TurnServer {
  private child: ChildProcess | undefined;
  private port = 0;
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'sightline-turn-'));
  private readonly output: string[] = [];

  constructor(
    private readonly stage: Stage,
    private readonly secret: string,
  ) {}

  /** What clients are told: `turn:host:port`. */
  get url(): string {
    return `turn:${HOST}:${this.port}`;
  }

  /** Everything it logged so far. */
  get log(): string {
    return this.output.join('');
  }

  /**
   * Starts it, again on the port it had before; resolves when it listens.
   *
   * @throws Error when there is no coturn, or with what it logged when it does not listen.
   */
  async start(): Promise<void> {
    const program = findTurnServer();
    if (program === undefined) throw new Error('There is no coturn: run npm test, or install it.');
    if (this.port === 0) this.port = await freePort();
    const child = spawn(
      program,
      [
        // No file of the machine's is read, and none is written but in a folder of our own.
        ...['-n', '--log-file=stdout', '--simple-log', '--verbose'],
        ...[`--pidfile=${path.join(this.folder, 'pid')}`, `--userdb=${this.folder}/users`],
        ...[`--listening-ip=${HOST}`, `--relay-ip=${HOST}`, `--listening-port=${this.port}`],
        ...['--no-tls', '--no-dtls', '--no-cli', '--cli-password=none', '--allow-loopback-peers'],
        ...['--use-auth-secret', `--static-auth-secret=${this.secret}`, '--realm=sightline.test'],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], cwd: this.folder, env: this.stage.environment },
    );
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => this.output.push(chunk.toString()));
    }
    await until('coturn to listen', () => accepts(this.port), Boolean).catch((error: unknown) => {
      throw new Error(`coturn did not start: ${this.log.slice(-2_000)}`, { cause: error });
    });
  }

  /** Ends the process: every allocation is gone. */
  async stop(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const overdue = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
    await ended;
    clearTimeout(overdue);
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Starts a TURN server that ends with the stage. */
export async function startTurnServer(stage: Stage, secret: string): Promise<TurnServer> {
  const server = new TurnServer(stage, secret);
  stage.own({
    name: 'coturn',
    close: () => server.close(),
    keepEvidence: (folder) => writeFile(path.join(folder, 'coturn.log'), server.log),
  });
  await server.start();
  return server;
}

/** coturn takes no port 0. Somebody else may still be quicker; it then does not start. */
async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, HOST);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, HOST);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    // Refused: it does not listen yet.
    return false;
  } finally {
    socket.destroy();
  }
}
