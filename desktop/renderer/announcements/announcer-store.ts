import { defineStore } from 'pinia';
import { onScopeDispose, ref } from 'vue';
import { coalesce } from './coalesce';

/** Time in which changes are gathered into one announcement, in milliseconds. */
const GATHER_MS = 1_000;

/** What screen readers are told. Many changes at once become one announcement. */
export const useAnnouncerStore = defineStore('announcer', () => {
  const announcement = ref('');
  /** What cannot wait for a pause in speech. */
  const urgentAnnouncement = ref('');
  let gathered: string[] = [];
  let urgentlyGathered: string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function say(sentence: string): void {
    gathered.push(sentence);
    announceSoon();
  }

  /** Interrupts what is being read: only for pictures that the audience misses. */
  function sayUrgently(sentence: string): void {
    urgentlyGathered.push(sentence);
    announceSoon();
  }

  function announceSoon(): void {
    timer ??= setTimeout(() => {
      if (gathered.length > 0) announcement.value = coalesce(gathered);
      if (urgentlyGathered.length > 0) urgentAnnouncement.value = coalesce(urgentlyGathered);
      gathered = [];
      urgentlyGathered = [];
      timer = undefined;
    }, GATHER_MS);
  }

  onScopeDispose(() => clearTimeout(timer));

  return { announcement, urgentAnnouncement, say, sayUrgently };
});
