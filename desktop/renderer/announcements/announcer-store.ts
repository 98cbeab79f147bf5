import { defineStore } from 'pinia';
import { onScopeDispose, ref } from 'vue';
import { coalesce } from './coalesce';

/** Time in which changes are gathered into one announcement, in milliseconds. */
const GATHER_MS = 1_000;

/** What screen readers are told. Many changes at once become one announcement. */
export const useAnnouncerStore = defineStore('announcer', () => {
  const announcement = ref('');
  let gathered: string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function say(sentence: string): void {
    gathered.push(sentence);
    timer ??= setTimeout(() => {
      announcement.value = coalesce(gathered);
      gathered = [];
      timer = undefined;
    }, GATHER_MS);
  }

  onScopeDispose(() => clearTimeout(timer));

  return { announcement, say };
});
