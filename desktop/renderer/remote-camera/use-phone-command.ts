import { shallowReactive } from 'vue';
import type { CameraCommand } from '../../../signal/protocol/control';
import type { CommandProblem } from '../../../signal/rtc/control/viewer-control';
import { injected, phoneControlsKey } from '../injection';
import { cameraWords } from '../wording/camera-words';

/** What became of the newest command of one control. */
export type CommandProgress =
  | { readonly state: 'asking' }
  | { readonly state: 'done' }
  | { readonly state: 'refused'; readonly reason: string };

/**
 * Least time between two commands of one control, in milliseconds: a slider that is dragged says
 * more than a phone reads (`MAX_CONTROL_PER_SECOND`), and cameras take no more either.
 */
const PACE_MS = 100;

/** Controls of the camera panel: each says by itself what became of its commands. */
export type ControlName =
  | 'camera'
  | 'side'
  | 'torch'
  | 'zoom'
  | 'focus'
  | 'distance'
  | 'exposure'
  | 'brightness'
  | 'size'
  | 'rate'
  | 'microphone'
  | 'message'
  | 'locate';

/** Asking a phone from controls, and what became of it. */
export interface PhoneCommands {
  /** Absent for a control that was never used. */
  readonly progress: ReadonlyMap<ControlName, CommandProgress>;
  /**
   * Asks; resolves when it is answered. While the one before of the same control is under way the
   * newest waits, and those between are dropped: a slider that is dragged says many values.
   */
  readonly ask: (control: ControlName, command: CameraCommand) => Promise<void>;
}

/** See `PhoneCommands`. */
export function usePhoneCommand(streamId: string): PhoneCommands {
  const controls = injected(phoneControlsKey);
  const progress = shallowReactive(new Map<ControlName, CommandProgress>());
  const waiting = new Map<ControlName, CameraCommand>();

  async function ask(control: ControlName, command: CameraCommand): Promise<void> {
    if (progress.get(control)?.state === 'asking') {
      waiting.set(control, command);
      return;
    }
    let next: CameraCommand | undefined = command;
    progress.set(control, { state: 'asking' });
    while (next !== undefined) {
      const askedAt = performance.now();
      const outcome = await controls.command(streamId, next);
      if (waiting.has(control)) await pause(askedAt + PACE_MS - performance.now());
      next = waiting.get(control);
      waiting.delete(control);
      if (next === undefined) {
        progress.set(
          control,
          outcome.ok ? { state: 'done' } : { state: 'refused', reason: reasonOf(outcome.error) },
        );
      }
    }
  }

  return { progress, ask };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The phone's own sentence says more than the reason. */
function reasonOf({ reason, sentence }: CommandProblem): string {
  return sentence ?? cameraWords.refusal[reason];
}
