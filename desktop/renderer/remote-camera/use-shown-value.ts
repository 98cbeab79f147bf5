import { shallowRef, watch, type ShallowRef } from 'vue';
import type { CommandProgress } from './use-phone-command';

/**
 * What a control shows: what the phone says, and while it is asked for something else, that. A phone
 * that refuses, or takes something near it, so puts the control right.
 */
export function useShownValue<T>(
  told: () => T,
  progress: () => CommandProgress | undefined,
): ShallowRef<T> {
  const shown = shallowRef(told());
  watch([told, progress], () => {
    if (progress()?.state !== 'asking') shown.value = told();
  });
  return shown;
}
