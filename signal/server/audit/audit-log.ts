/**
 * What happened in the room, as JSON lines on disk: appended, limited in size, readable by this
 * user only. The server never waits for it, and never fails by it.
 */
import { appendFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { codeOf, reasonOf } from '../tls/tls-error';
import { TokenBucket } from '../token-bucket';
import type { AuditEntry } from './audit-entry';

const FILE = 'audit.jsonl';

/** Former files that are kept. */
const KEPT_FILES = 3;

/** Size at which a file is full, in bytes: some 20,000 lines. */
const MAX_FILE_BYTES = 5 * 1024 * 1024;

/** Lines that may wait for a slow disk. */
const MAX_WAITING_LINES = 1_000;

/**
 * Lines that those who were let in may cause, but for operators: a crowd that comes at once is all
 * noted, a flood does not push out what operators did.
 */
const GUESTS_BURST = 500;
const GUESTS_PER_SECOND = 2;

/**
 * Lines of those who were refused. A whole room with an old link is noted; who knocks on for ever
 * fills the files in about two months, and takes no line from those who are inside.
 */
const STRANGERS_BURST = 100;
const STRANGERS_PER_SECOND = 1 / 60;

/** Where it is, and who hears of trouble with it. */
export interface AuditLogOptions {
  /** Absolute path of the server's data folder. */
  readonly dataDir: string;
  readonly logger: Pick<Logger, 'warn'>;
  readonly maxFileBytes?: number;
}

/** See the head of this file. */
export class AuditLog {
  readonly #file: string;
  readonly #options: AuditLogOptions;
  readonly #guests = new TokenBucket(GUESTS_BURST, GUESTS_PER_SECOND, performance.now());
  readonly #strangers = new TokenBucket(STRANGERS_BURST, STRANGERS_PER_SECOND, performance.now());
  #waiting: string[] = [];
  #writing: Promise<void> | undefined;
  /** Entries that were left out since the last line. */
  #missing = 0;
  #hasFailed = false;
  #isBroken = false;
  #isClosed = false;

  constructor(options: AuditLogOptions) {
    this.#options = options;
    this.#file = path.join(options.dataDir, FILE);
  }

  /** Appends an entry, in the order of the calls. Never throws. */
  write(entry: AuditEntry): void {
    if (this.#isClosed) return;
    const budget = this.#budgetOf(entry);
    const isTooMuch = budget?.take(1, performance.now()) === false;
    if (isTooMuch || this.#waiting.length >= MAX_WAITING_LINES) {
      this.#missing += 1;
      return;
    }
    const missing = this.#missing === 0 ? {} : { missingBefore: this.#missing };
    this.#missing = 0;
    const line = JSON.stringify({ time: new Date().toISOString(), ...entry, ...missing });
    this.#waiting.push(`${line}\n`);
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when all that was written is on disk. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writing;
  }

  /** What a line is paid from; nothing limits operators. */
  #budgetOf({ event, actor }: AuditEntry): TokenBucket | undefined {
    if (event === 'client-refused') return this.#strangers;
    return actor.role === 'operator' ? undefined : this.#guests;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting.splice(0);
      try {
        await this.#append(lines.join(''));
        this.#hasFailed = false;
      } catch (error) {
        this.#missing += lines.length;
        // What was cut off must not spoil the next line.
        this.#isBroken = true;
        this.#warnOnce(error);
      }
    }
    this.#writing = undefined;
  }

  async #append(lines: string): Promise<void> {
    const { maxFileBytes = MAX_FILE_BYTES } = this.#options;
    const text = this.#isBroken ? `\n${lines}` : lines;
    const bytes = await sizeOf(this.#file);
    if (bytes > 0 && bytes + Buffer.byteLength(text) > maxFileBytes) await this.#rotate();
    await appendFile(this.#file, text, { mode: 0o600 });
    this.#isBroken = false;
  }

  /** The present file becomes the first former one, the last former one goes. */
  async #rotate(): Promise<void> {
    await rm(this.#former(KEPT_FILES), { force: true });
    for (let number = KEPT_FILES - 1; number >= 0; number -= 1) {
      const older = number === 0 ? this.#file : this.#former(number);
      if ((await sizeOf(older)) > 0) await rename(older, this.#former(number + 1));
    }
  }

  #former(number: number): string {
    return this.#file.replace(/\.jsonl$/u, `.${String(number)}.jsonl`);
  }

  #warnOnce(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#options.logger.warn(
      { file: this.#file, reason: reasonOf(error) },
      'the audit log cannot be written; the server goes on without it until it can',
    );
  }
}

/** Size of a file in bytes; 0 where there is none. */
async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}
