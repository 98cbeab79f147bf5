/** The bench's end of the process that makes the load. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Stage } from '../../e2e/harness/stage';
import { projectRoot } from '../../scripts/build/paths';
import type { AnswerMessage, OrderName, Orders } from './load/orders';
import { LOAD_CORE, onCore } from './pin';

const program = path.join(projectRoot, 'bench', 'signal', 'programs', 'load.ts');

interface Waiting {
  readonly resolve: (answer: AnswerMessage) => void;
  readonly reject: (error: Error) => void;
}

/** See the head of this file. */
export class LoadProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: AnswerMessage) => {
      this.#waiting.get(message.id)?.resolve(message);
      this.#waiting.delete(message.id);
    });
    child.on('exit', (code) => {
      const error = new Error(`The process of the load ended with ${String(code)}.`);
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
  }

  /** Starts it; it ends with the stage. */
  static start(stage: Stage): LoadProcess {
    const [command = '', ...args] = [
      ...onCore(LOAD_CORE),
      ...[process.execPath, '--import', 'tsx', program],
    ];
    const child = spawn(command, args, {
      cwd: projectRoot,
      env: stage.environment,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const load = new LoadProcess(child);
    stage.own({ name: 'load', close: () => load.end() });
    return load;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Ends it, and with it all of its clients. */
  async end(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /**
   * Has something done.
   *
   * @throws Error with what the load could not do
   */
  async ask<N extends OrderName>(name: N, order: Orders[N]['order']): Promise<Orders[N]['answer']> {
    if (!this.#child.connected) throw new Error('The process of the load is gone.');
    const id = (this.#lastId += 1);
    const answer = await new Promise<AnswerMessage>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, name, order });
    });
    if ('failure' in answer) throw new Error(answer.failure);
    return answer.answer;
  }
}
