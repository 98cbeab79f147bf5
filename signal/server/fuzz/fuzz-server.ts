/**
 * A real server as a process of its own, whose memory can be asked for: the fuzzing tests start it
 * with `--expose-gc`. What it does not catch ends it, as it ends the product.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { parseConfig } from '../config';
import { createServer } from '../create-server';
import { createLogger } from '../logger';
import { fuzzOrderSchema, fuzzSetupSchema, type FuzzAnswer } from './fuzz-orders';

/** Rounds of collection: weak references and finalizers of one become garbage of the next. */
const COLLECTIONS = 4;

async function main(): Promise<void> {
  const setup = v.parse(v.pipe(v.string(), v.parseJson(), fuzzSetupSchema), process.argv[2]);
  const command = parseConfig(setup.args, {});
  if (!command.ok) throw new Error(command.error);
  if (command.value.kind !== 'run') throw new Error('The setup asks for no server.');
  const config = {
    ...command.value.config,
    limits: { ...command.value.config.limits, ...setup.limits },
    ...(setup.resumeWindowMs === undefined ? {} : { resumeWindowMs: setup.resumeWindowMs }),
  };
  const pagesDir = path.join(config.dataDir, 'pages');
  mkdirSync(pagesDir, { recursive: true });
  const server = await createServer({
    config,
    logger: createLogger(config),
    pagesDir,
  });
  process.on('message', (order: unknown) => {
    if (v.parse(fuzzOrderSchema, order) === 'memory') void tellMemory();
    else void server.close().then(() => process.exit(0));
  });
  process.once('disconnect', () => process.exit(0));
  answer({ kind: 'ready', port: server.port, consoleUrl: server.urls.liveStreams[0] ?? '' });
}

async function tellMemory(): Promise<void> {
  for (let round = 0; round < COLLECTIONS; round += 1) {
    globalThis.gc?.();
    // Sockets and timers are let go of in turns of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, rss } = process.memoryUsage();
  answer({ kind: 'memory', heapUsed, rss });
}

function answer(message: FuzzAnswer): void {
  process.send?.(message);
}

void main();
