import { shallowReactive } from 'vue';
import type { CameraCommand } from '../../../signal/protocol/control';
import type { CommandProblem } from '../../../signal/rtc/control/viewer-control';
import { injected, phoneControlsKey } from '../injection';
import { cameraWords } from '../wording/camera-words';

/** What became of the newest command of one kind. */
export type CommandProgress =
  | { readonly state: 'asking' }
  | { readonly state: 'done' }
  | { readonly state: 'refused'; readonly reason: string };

export type CommandKind = CameraCommand['kind'];

/** Asking a phone from controls, and what became of it. */
export interface PhoneCommands {
  /** By kind; absent for what was never asked. */
  readonly progress: ReadonlyMap<CommandKind, CommandProgress>;
  /**
   * Asks; resolves when it is answered. While the one before of the same kind is under way the
   * newest waits, and those between are dropped: a slider that is dragged says many values.
   */
  readonly ask: (command: CameraCommand) => Promise<void>;
}

/** See `PhoneCommands`. */
export function usePhoneCommand(streamId: string): PhoneCommands {
  const controls = injected(phoneControlsKey);
  const progress = shallowReactive(new Map<CommandKind, CommandProgress>());
  const waiting = new Map<CommandKind, CameraCommand>();

  async function ask(command: CameraCommand): Promise<void> {
    const { kind } = command;
    if (progress.get(kind)?.state === 'asking') {
      waiting.set(kind, command);
      return;
    }
    let next: CameraCommand | undefined = command;
    progress.set(kind, { state: 'asking' });
    while (next !== undefined) {
      const outcome = await controls.command(streamId, next);
      next = waiting.get(kind);
      waiting.delete(kind);
      if (next === undefined) {
        progress.set(
          kind,
          outcome.ok ? { state: 'done' } : { state: 'refused', reason: reasonOf(outcome.error) },
        );
      }
    }
  }

  return { progress, ask };
}

/** The phone's own sentence says more than the reason. */
function reasonOf({ reason, sentence }: CommandProblem): string {
  return sentence ?? cameraWords.refusal[reason];
}
