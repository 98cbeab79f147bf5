/**
 * Looks inside a server process without changing it: memory after a garbage collection, open
 * resources, and a wall clock that can be set. A module that Node loads before the server's own.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import type { SignalServer } from './signal-server';
import type { Stage } from './stage';
import { until } from './until';

const vitalsSchema = v.object({
  turn: v.number(),
  rss: v.number(),
  heapUsed: v.number(),
  external: v.number(),
  resources: v.array(v.string()),
});

/** What a server needs at a moment. */
export interface ServerVitals {
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Timers, sockets and whatever else keeps its event loop busy, by kind. */
  readonly resources: readonly string[];
  /** Open files and sockets of the process. */
  readonly descriptors: number;
}

/** See the head of this file. */
export class VitalsProbe {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'sightline-vitals-'));
  private turn = 0;
  private clockOffsetMs = 0;

  constructor(stage: Stage) {
    stage.own({
      name: this.folder,
      close: () => rmSync(this.folder, { recursive: true, force: true }),
    });
  }

  /** What to put before the server's command, after a prefix that enters another host. */
  get prefix(): string[] {
    const source = PROBE.replace('FOLDER', JSON.stringify(this.folder));
    return ['env', `NODE_OPTIONS=--import=data:text/javascript,${encodeURIComponent(source)}`];
  }

  /** What the server needs now that garbage is collected. */
  async read(server: SignalServer): Promise<ServerVitals> {
    const { rss, heapUsed, external, resources } = await this.command(server);
    return {
      rssBytes: rss,
      heapBytes: heapUsed + external,
      resources,
      descriptors: readdirSync(`/proc/${server.pid}/fd`).length,
    };
  }

  /** Sets the server's wall clock off by so much; its monotonic clock goes on. */
  async setClock(server: SignalServer, offsetMs: number): Promise<void> {
    this.clockOffsetMs = offsetMs;
    await this.command(server);
  }

  private async command(server: SignalServer): Promise<v.InferOutput<typeof vitalsSchema>> {
    this.turn += 1;
    const { turn, clockOffsetMs } = this;
    writeFileSync(path.join(this.folder, 'asked.json'), JSON.stringify({ turn, clockOffsetMs }));
    process.kill(server.pid, 'SIGUSR2');
    return until(
      'the vitals of the server',
      () =>
        v.parse(
          vitalsSchema,
          JSON.parse(readFileSync(path.join(this.folder, 'vitals.json'), 'utf8')),
        ),
      (vitals) => vitals.turn === turn,
      { timeoutMs: 5_000, everyMs: 20 },
    );
  }
}

/** Runs inside the server, before it. Twice, as the first collection only queues finalizers. */
const PROBE = `
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const folder = FOLDER;
const RealDate = Date;
let offset = 0;
globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offset);
    else super(...args);
  }
  static now() {
    return RealDate.now() + offset;
  }
};
process.on('SIGUSR2', () => {
  const { turn, clockOffsetMs } = JSON.parse(readFileSync(folder + '/asked.json', 'utf8'));
  offset = clockOffsetMs;
  collect();
  setTimeout(() => {
    collect();
    const resources = process.getActiveResourcesInfo();
    const vitals = { turn, ...process.memoryUsage(), resources };
    writeFileSync(folder + '/vitals.new', JSON.stringify(vitals));
    renameSync(folder + '/vitals.new', folder + '/vitals.json');
  }, 50);
});
`;
