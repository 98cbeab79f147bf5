import { ref, type Ref } from 'vue';
import type { Command } from '../../../signal/protocol/room-messages';
import { controlRoomKey, injected } from '../injection';
import type { CommandResult } from './room-control';

/** Commanding from a button or a form: whether it is under way, and what went wrong with it. */
export interface Commanding {
  readonly isBusy: Ref<boolean>;
  /** Why it was refused, or does not hold for good. */
  readonly refusal: Ref<string | undefined>;
  /** Sends a command; undefined when the one before has not been answered yet. */
  readonly run: (command: Command) => Promise<CommandResult | undefined>;
}

/** See `Commanding`. */
export function useCommand(): Commanding {
  const room = injected(controlRoomKey);
  const isBusy = ref(false);
  const refusal = ref<string>();

  async function run(command: Command): Promise<CommandResult | undefined> {
    if (isBusy.value) return undefined;
    isBusy.value = true;
    refusal.value = undefined;
    const result = await room.command(command);
    isBusy.value = false;
    refusal.value = result.ok ? result.warning : result.message;
    return result;
  }

  return { isBusy, refusal, run };
}
