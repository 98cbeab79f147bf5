import type { ViewerControl } from '../../protocol/control';
import type { CommandResult } from '../../protocol/control-reports';
import { COMMAND_UNFINISHED_MS, MAX_OPEN_COMMANDS } from '../../protocol/control-limits';
import type { Role } from '../../protocol/fields';
import { fail } from '../../protocol/result';
import type { CommandFailure, ControlPort } from './control-port';

type Command = Extract<ViewerControl, { readonly type: 'command' }>;

/**
 * The commands of one viewer: obeys operators only, and only while the phone's user lets it, and
 * answers each command once and in time.
 */
export class OpenCommands {
  readonly #port: Pick<ControlPort, 'isControlAllowed' | 'execute'>;
  readonly #answer: (result: CommandResult) => void;
  /** By request id: the timer after which the phone says that it is still at it. */
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #running = 0;

  constructor(
    port: Pick<ControlPort, 'isControlAllowed' | 'execute'>,
    answer: (result: CommandResult) => void,
  ) {
    this.#port = port;
    this.#answer = answer;
  }

  /** Carries out a command, or says why not. */
  take({ requestId, command }: Command, role: Role): void {
    // The same request twice is one request.
    if (this.#timers.has(requestId)) return;
    if (role !== 'operator') {
      this.#refuse(requestId, { reason: 'not-allowed' });
    } else if (!this.#port.isControlAllowed) {
      this.#refuse(requestId, { reason: 'refused-by-phone' });
    } else if (this.#running >= MAX_OPEN_COMMANDS) {
      this.#refuse(requestId, { reason: 'busy' });
    } else {
      void this.#execute(requestId, command);
    }
  }

  /** Answers nothing any more. Idempotent. */
  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  async #execute(requestId: string, command: Command['command']): Promise<void> {
    const timer = setTimeout(() => {
      this.#timers.delete(requestId);
      this.#refuse(requestId, { reason: 'unfinished' });
    }, COMMAND_UNFINISHED_MS);
    this.#timers.set(requestId, timer);
    this.#running += 1;
    // A track that the browser does not take, say: nobody else would hear of it, or count it as over.
    const done = await this.#port.execute(command).catch(() => fail({ reason: 'failed' } as const));
    this.#running -= 1;
    // Answered already, or nobody is there any more to be answered.
    if (this.#timers.get(requestId) !== timer) return;
    clearTimeout(timer);
    this.#timers.delete(requestId);
    if (done.ok) this.#answer({ type: 'command-result', requestId });
    else this.#refuse(requestId, done.error);
  }

  #refuse(requestId: string, { reason, sentence }: CommandFailure): void {
    this.#answer({
      type: 'command-result',
      requestId,
      reason,
      ...(sentence === undefined ? {} : { sentence: sentence.slice(0, 200) }),
    });
  }
}
