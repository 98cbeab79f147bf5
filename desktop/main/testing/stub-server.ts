/** Server processes that tests drive by hand. */
import type { LaunchServer, ServerProcessEvents } from '../server-process';

/** A ready line as the server prints it. */
export function readyLine(host: string, port: number): string {
  const http = `http://${host}:${port}`;
  return JSON.stringify({
    event: 'ready',
    pid: 1,
    urls: {
      stream: [`${http}/stream`],
      mobileStream: [`${http}/mobile-stream.html`],
      liveStreams: [`${http}/live-streams`],
      ws: [`ws://${host}:${port}/ws`],
      health: [`${http}/healthz`],
    },
  });
}

/** One start of the stub. */
export interface StubRun {
  args: string[];
  events: ServerProcessEvents;
  shutdowns: number;
  kills: number;
  /** Port that it was told to take. */
  port: number;
  /** Says that it listens, on the port it was given or on this one. */
  becomeReady(port?: number): void;
  exit(code: number): void;
}

/** Launches stubs and keeps them in the order of their starts. */
export function stubLauncher(): { launch: LaunchServer; runs: StubRun[] } {
  const runs: StubRun[] = [];
  return {
    runs,
    launch(args, events) {
      const port = Number(args[args.indexOf('--port') + 1]);
      const run: StubRun = {
        args,
        events,
        shutdowns: 0,
        kills: 0,
        port,
        becomeReady: (taken = port) => events.onOutput(readyLine('127.0.0.1', taken)),
        exit: (code) => events.onExit(code),
      };
      runs.push(run);
      return {
        requestShutdown: () => (run.shutdowns += 1),
        kill: () => (run.kills += 1),
      };
    },
  };
}

/** A log that keeps nothing. */
export const silentLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
