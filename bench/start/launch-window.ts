/**
 * How long a desktop application takes from its launch to a painted page that is ready. Both are
 * asked by Chromium's own remote debugging, which no fuse of a package concerns, and answer by the
 * page's clock: how long the question takes does not count.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import { until } from '../../e2e/harness/until';
import type { Stage } from '../../e2e/harness/stage';

/** An application to launch. */
export interface Application {
  readonly program: string;
  readonly args: readonly string[];
  /** Script that is true in its page once that is ready. */
  readonly isReady: string;
}

const targetsSchema = v.array(v.object({ type: v.string(), webSocketDebuggerUrl: v.string() }));

const answerSchema = v.object({
  id: v.number(),
  result: v.object({ result: v.object({ value: v.optional(v.number()) }) }),
});

/**
 * Launches an application and ends it again.
 *
 * @returns milliseconds until its page was ready and painted
 */
export async function timeWindow(stage: Stage, app: Application): Promise<number> {
  const startedAt = Date.now();
  const child = spawn(
    app.program,
    [...app.args, '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'],
    { env: stage.environment, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(child, 'exit');
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  try {
    const host = await until(
      'the debugging port',
      () => /DevTools listening on ws:\/\/(?<host>[^/]+)/u.exec(printed)?.groups?.['host'],
      (found) => found !== undefined,
      { everyMs: 5 },
    );
    const url = await until(
      'the page',
      () => pageOf(host ?? ''),
      (found) => found !== undefined,
      {
        everyMs: 5,
      },
    );
    return (await readyAt(url ?? '', app.isReady)) - startedAt;
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

async function pageOf(host: string): Promise<string | undefined> {
  const response = await fetch(`http://${host}/json/list`);
  const targets = v.parse(targetsSchema, await response.json());
  return targets.find(({ type }) => type === 'page')?.webSocketDebuggerUrl;
}

/** Epoch time at which the page was ready, by its own clock. */
async function readyAt(url: string, isReady: string): Promise<number> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  try {
    await once(socket, 'open');
    return await until(
      'the page to be ready',
      () => ask(socket, isReady),
      (time) => time > 0,
    );
  } finally {
    socket.terminate();
  }
}

/** The page's answer; 0 where it was replaced by another while it was asked. */
async function ask(socket: WebSocket, isReady: string): Promise<number> {
  const expression = `new Promise((resolve) => {
    const look = () => {
      if (document.readyState === 'complete' && (${isReady}))
        requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
      else setTimeout(look, 4);
    };
    look();
  })`;
  const answered = once(socket, 'message');
  const params = { expression, awaitPromise: true, returnByValue: true };
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }));
  const answers: unknown[] = await answered;
  const answer = v.safeParse(answerSchema, JSON.parse(String(answers[0])));
  return answer.success ? (answer.output.result.result.value ?? 0) : 0;
}
