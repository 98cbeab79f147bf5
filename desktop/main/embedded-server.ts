/**
 * Keeps the embedded server running: starts it, takes another port when the usual one is taken,
 * starts it again on the same port when it dies, and stops it for good.
 */
import type { ServerState } from '../bridge/contract';
import type { ListenOptions } from './command-line';
import { reasonOf, type Log } from './log';
import { parseReadyLine, type ReadyServer } from './ready-line';
import type { LaunchServer, ServerProcess } from './server-process';

/** Time a server gets from its start to its ready line; a cold start takes about 300 ms. */
const READY_TIMEOUT_MS = 15_000;

/** Time a server gets to tell its clients before it is killed; it promises 5 s. */
const SHUTDOWN_TIMEOUT_MS = 5_000;

/** Delays before each further start; the last one repeats. */
const RESTART_DELAYS_MS = [200, 500, 1_000, 2_000, 5_000];

/** Uptime after which a server counts as sound, and the delays begin anew. */
const SOUND_AFTER_MS = 10_000;

/** Starts without a ready line after which the operator is told; trying goes on. */
const FAILURES_BEFORE_TELLING = 3;

/** Exit code of a server that refuses its options: starting it again would change nothing. */
const BAD_OPTIONS = 2;

/** What the supervisor needs from outside. */
export interface EmbeddedServerOptions {
  launch: LaunchServer;
  listen: ListenOptions;
  /** Folder where the server keeps its root and certificate. */
  dataDir: string;
  isPortFree: (port: number, host: string | undefined) => Promise<boolean>;
  log: Log;
  /** Takes the server's own log, line by line. */
  forwardLog: (line: string) => void;
  /** Called on every change of state. */
  onState: (state: ServerState) => void;
}

/** One start of the server, from launch to exit. */
interface Run {
  process: ServerProcess;
  timer: NodeJS.Timeout;
  startedAt: number;
  ready: ReadyServer | undefined;
  isStopping: boolean;
  lastError: string;
}

/** Supervisor of the embedded server. Stopped and started as often as needed. */
export class EmbeddedServer {
  readonly #options: EmbeddedServerOptions;
  /** Port of the last server that was ready; a later one has to take the same. */
  #port: number;
  /** What the operator should know about that port, for as long as the server keeps it. */
  #notice: string | undefined;
  #isWanted = false;
  /** Counts calls of `start` and `stop`, to notice after an await that the world has changed. */
  #turn = 0;
  #run: Run | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #failures = 0;
  /** Servers that ended unasked after they had been ready, since this app was started. */
  #crashes = 0;
  #whenGone: (() => void)[] = [];

  constructor(options: EmbeddedServerOptions) {
    this.#options = options;
    this.#port = options.listen.port;
  }

  /** Starts the server unless it is already wanted; progress comes through `onState`. */
  start(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#failures = 0;
    this.#options.onState({ state: 'starting', kind: 'embedded' });
    void this.#launchWhenGone(++this.#turn);
  }

  /** Starts it anew if it has given up; otherwise the same as `start`. */
  retry(): void {
    if (this.#isWanted && this.#run === undefined && this.#restartTimer === undefined) {
      this.#isWanted = false;
    }
    this.start();
  }

  /** Stops it; resolves when the process is gone. Calling it again is harmless. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    this.#turn += 1;
    clearTimeout(this.#restartTimer);
    this.#restartTimer = undefined;
    await this.#stopRun();
  }

  async #launchWhenGone(turn: number): Promise<void> {
    await this.#stopRun();
    if (turn !== this.#turn) return;
    const { isPortFree, listen } = this.#options;
    const isFree = await isPortFree(this.#port, listen.host);
    if (turn !== this.#turn) return;
    // After a crash the port may be busy for a moment: try it again before taking another.
    if (!isFree && this.#failures > 0 && this.#failures < FAILURES_BEFORE_TELLING) {
      this.#scheduleRestart(`port ${this.#port} is still busy`);
      return;
    }
    this.#launch(isFree ? this.#port : 0);
  }

  #launch(port: number): void {
    const { launch, listen, dataDir, log } = this.#options;
    const args = ['--json', '--port', String(port), '--data-dir', dataDir];
    if (listen.host !== undefined) args.push('--host', listen.host);
    if (listen.discovery !== undefined) args.push('--discovery', listen.discovery);
    if (listen.access !== undefined) args.push('--access', listen.access);
    try {
      const run: Run = {
        process: launch(args, {
          onOutput: (line) => this.#onOutput(run, line),
          onErrorOutput: (line) => this.#onErrorOutput(run, line),
          onExit: (code) => this.#onExit(run, code),
        }),
        timer: setTimeout(() => this.#onReadyTimeout(run), READY_TIMEOUT_MS),
        startedAt: performance.now(),
        ready: undefined,
        isStopping: false,
        lastError: '',
      };
      this.#run = run;
    } catch (error) {
      log.error(`the server could not be launched: ${reasonOf(error)}`);
      this.#afterFailure('it could not be launched');
    }
  }

  #onOutput(run: Run, line: string): void {
    const ready = parseReadyLine(line);
    if (ready === undefined) {
      this.#options.log.warn(`server: ${line}`);
      return;
    }
    if (run !== this.#run || run.isStopping || run.ready !== undefined) return;
    clearTimeout(run.timer);
    run.ready = ready;
    run.startedAt = performance.now();
    if (this.#port !== 0 && this.#port !== ready.port) {
      this.#notice = portNotice(this.#port, ready.port);
    }
    this.#port = ready.port;
    const notice = [this.#notice, crashNotice(this.#crashes)].filter(isSaid).join(' ');
    this.#options.log.info(`the embedded server is ready at ${ready.origin}`);
    this.#options.onState({
      state: 'ready',
      kind: 'embedded',
      origin: ready.origin,
      ...(ready.rootFingerprint === undefined ? {} : { rootFingerprint: ready.rootFingerprint }),
      ...(ready.key === undefined ? {} : { key: ready.key }),
      ...(notice === '' ? {} : { notice }),
    });
  }

  #onErrorOutput(run: Run, line: string): void {
    run.lastError = line;
    this.#options.forwardLog(line);
  }

  #onReadyTimeout(run: Run): void {
    if (run !== this.#run) return;
    this.#options.log.error('the embedded server said nothing for 15 s and is killed');
    run.process.kill();
  }

  #onExit(run: Run, code: number): void {
    clearTimeout(run.timer);
    if (run !== this.#run) return;
    this.#run = undefined;
    for (const gone of this.#whenGone.splice(0)) gone();
    if (run.isStopping) return;
    this.#options.log.error(`the embedded server ended with code ${code}`);
    if (code === BAD_OPTIONS && run.ready === undefined) {
      this.#options.onState(failedState(`The built-in server refuses to start: ${run.lastError}`));
      return;
    }
    if (run.ready !== undefined) this.#crashes += 1;
    const wasSound = run.ready !== undefined && performance.now() - run.startedAt >= SOUND_AFTER_MS;
    if (wasSound) this.#failures = 0;
    this.#afterFailure(`it ended with code ${code}`);
  }

  #afterFailure(reason: string): void {
    if (this.#failures + 1 >= FAILURES_BEFORE_TELLING) {
      this.#options.onState(
        failedState(`The built-in server keeps stopping (${reason}); it is being started again.`),
      );
    } else {
      this.#options.onState({ state: 'starting', kind: 'embedded' });
    }
    this.#scheduleRestart(reason);
  }

  #scheduleRestart(reason: string): void {
    const last = RESTART_DELAYS_MS.length - 1;
    const delayMs = RESTART_DELAYS_MS[Math.min(this.#failures, last)] ?? 0;
    this.#failures += 1;
    this.#options.log.info(`starting the server again in ${delayMs} ms: ${reason}`);
    const turn = this.#turn;
    this.#restartTimer = setTimeout(() => {
      this.#restartTimer = undefined;
      void this.#launchWhenGone(turn);
    }, delayMs);
  }

  /** Ends the process there is, kindly first; resolves when it is gone. */
  async #stopRun(): Promise<void> {
    const run = this.#run;
    if (run === undefined) return;
    const gone = new Promise<void>((resolve) => this.#whenGone.push(resolve));
    if (run.isStopping) return gone;
    run.isStopping = true;
    clearTimeout(run.timer);
    run.timer = setTimeout(() => {
      this.#options.log.warn('the embedded server does not end by itself and is killed');
      run.process.kill();
    }, SHUTDOWN_TIMEOUT_MS);
    run.process.requestShutdown();
    return gone;
  }
}

function failedState(message: string): ServerState {
  return { state: 'failed', kind: 'embedded', message };
}

function portNotice(asked: number, taken: number): string {
  return (
    `Port ${asked} is in use by another program, so this server took port ${taken}. ` +
    `Phones join with the link shown here.`
  );
}

/** Counts, so that the operator who put the first one away sees the next. */
function crashNotice(crashes: number): string | undefined {
  if (crashes === 0) return undefined;
  const count = crashes === 1 ? 'once' : `${crashes} times`;
  return (
    `The built-in server stopped and was started again, ${count} so far. ` +
    `Phones come back by themselves.`
  );
}

function isSaid(sentence: string | undefined): sentence is string {
  return sentence !== undefined;
}
