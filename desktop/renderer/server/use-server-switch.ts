import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import type { TrustQuestion, UseServerResult } from '../../bridge/contract';
import { words } from '../wording';

/** Changing the server by a dialog: what is under way, why it was refused, what is asked back. */
export interface ServerSwitching {
  readonly isSwitching: Ref<boolean>;
  readonly refusal: Ref<string | undefined>;
  /** A certificate that the operator has to vouch for first. */
  readonly question: ShallowRef<TrustQuestion | undefined>;
  /** Waits for the outcome of a change; nothing else can be asked meanwhile. */
  readonly change: (ask: () => Promise<UseServerResult>) => Promise<void>;
}

/** @param onDone - called when the server was changed */
export function useServerSwitch(onDone: () => void): ServerSwitching {
  const isSwitching = ref(false);
  const refusal = ref<string>();
  const question = shallowRef<TrustQuestion>();

  async function change(ask: () => Promise<UseServerResult>): Promise<void> {
    if (isSwitching.value) return;
    isSwitching.value = true;
    refusal.value = undefined;
    // A rejection means that the desktop app itself does not answer.
    const result = await ask().catch(() => undefined);
    isSwitching.value = false;
    if (result?.ok === true) {
      onDone();
      return;
    }
    refusal.value = result === undefined ? words.server.switchFailed : result.message;
    if (result !== undefined) question.value = result.trust;
  }

  return { isSwitching, refusal, question, change };
}
