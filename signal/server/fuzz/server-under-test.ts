/** The server's process as the fuzzing tests hold it. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { fuzzAnswerSchema, type FuzzAnswer, type FuzzSetup } from './fuzz-orders';

/** A start through the TypeScript loader on a busy machine, in milliseconds. */
const ANSWER_TIMEOUT_MS = 30_000;

const healthSchema = v.object({
  status: v.string(),
  clients: v.number(),
  streams: v.number(),
  sessions: v.number(),
});

/** What `/healthz` counts. */
export type Health = v.InferOutput<typeof healthSchema>;

/** Memory after a garbage collection, in bytes. */
export type Memory = Omit<Extract<FuzzAnswer, { kind: 'memory' }>, 'kind'>;

/** See the head of this file. */
export class ServerUnderTest {
  readonly port: number;
  /** The key in the ready line's console link; empty where there is none. */
  readonly operatorKey: string;
  readonly dataDir: string;
  readonly #child: ChildProcess;
  readonly #errors: string[];
  #hasEnded = false;

  private constructor(child: ChildProcess, dataDir: string, errors: string[], url: URL) {
    this.#child = child;
    this.#errors = errors;
    this.dataDir = dataDir;
    this.port = Number(url.port);
    this.operatorKey = new URLSearchParams(url.hash.slice(1)).get('key') ?? '';
    child.once('exit', () => (this.#hasEnded = true));
  }

  /** Starts a server on a free port of this machine. */
  static async start(setup: Partial<FuzzSetup> = {}): Promise<ServerUnderTest> {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-fuzz-'));
    const fixed = ['--host', '127.0.0.1', '--port', '0', '--tls', 'off', '--data-dir', dataDir];
    const args = [...fixed, '--discovery', 'off', '--json', '--log-level', 'warn'];
    const full = { limits: {}, ...setup, args: [...args, ...(setup.args ?? [])] };
    const child = fork(path.join(import.meta.dirname, 'fuzz-server.ts'), [JSON.stringify(full)], {
      execArgv: ['--expose-gc', '--import', 'tsx'],
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const errors: string[] = [];
    child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    const ready = await answerOf(child, 'ready', errors);
    if (ready.kind !== 'ready') throw new Error('The server told something else first.');
    const url = new URL(ready.consoleUrl);
    url.port = String(ready.port);
    return new ServerUnderTest(child, dataDir, errors, url);
  }

  /** Why nothing it does can be trusted any more; undefined while it runs well. */
  get failure(): string | undefined {
    return this.#hasEnded ? `The server has ended: ${this.complaints}` : undefined;
  }

  /** What it logged at `warn` and above. */
  get complaints(): string {
    return this.#errors.join('');
  }

  /** Reads `/healthz`. */
  async health(): Promise<Health> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/healthz`);
    return v.parse(healthSchema, await answer.json());
  }

  /** Memory after a garbage collection. */
  async memory(): Promise<Memory> {
    this.#child.send('memory');
    const answer = await answerOf(this.#child, 'memory', this.#errors);
    if (answer.kind !== 'memory') throw new Error('The server told something else.');
    return { heapUsed: answer.heapUsed, rss: answer.rss };
  }

  /** Stops it and takes its data away. Idempotent. */
  async close(): Promise<void> {
    if (!this.#hasEnded) {
      const ended = once(this.#child, 'exit');
      if (this.#child.connected) this.#child.send('stop');
      const overdue = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(overdue);
    }
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** Waits for an answer; a process that ends instead is an error that carries its last words. */
function answerOf(
  child: ChildProcess,
  kind: FuzzAnswer['kind'],
  errors: readonly string[],
): Promise<FuzzAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      act();
    };
    const onMessage = (message: unknown): void => {
      const answer = v.parse(fuzzAnswerSchema, message);
      if (answer.kind === kind) settle(() => resolve(answer));
    };
    const onExit = (): void => {
      settle(() => reject(new Error(`The server has ended: ${errors.join('')}`)));
    };
    const timer = setTimeout(() => {
      settle(() => reject(new Error(`The server did not answer: ${errors.join('')}`)));
    }, ANSWER_TIMEOUT_MS);
    child.on('message', onMessage);
    child.once('exit', onExit);
  });
}
