import { ref, type Ref } from 'vue';
import { controlRoomKey, injected } from '../injection';
import { openingWords } from '../wording/opening-words';

/** Trying again by a button: whether it is under way, and why it was refused. */
export function useRetry(): {
  readonly isTrying: Ref<boolean>;
  readonly refusal: Ref<string | undefined>;
  readonly retry: () => Promise<void>;
} {
  const room = injected(controlRoomKey);
  const isTrying = ref(false);
  const refusal = ref<string>();

  async function retry(): Promise<void> {
    if (isTrying.value) return;
    isTrying.value = true;
    refusal.value = undefined;
    // A rejection means that the desktop app itself does not answer.
    const result = await room.retry().catch(() => undefined);
    isTrying.value = false;
    if (result === undefined) refusal.value = openingWords.desktopSilent;
    else if (!result.ok) refusal.value = result.message;
  }

  return { isTrying, refusal, retry };
}
