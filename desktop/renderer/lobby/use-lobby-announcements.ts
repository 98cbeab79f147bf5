import { watch } from 'vue';
import { useAnnouncerStore } from '../announcements/announcer-store';
import { useRoomStore } from '../room/room-store';
import { words } from '../wording';

/** Tells screen readers who has come to the lobby, once for each phone, and by which key to look. */
export function useLobbyAnnouncements(): void {
  const room = useRoomStore();
  const announcer = useAnnouncerStore();
  let told: ReadonlySet<string> = new Set();
  watch(
    () => room.waiting,
    (waiting) => {
      const newcomers = waiting.filter(({ clientId }) => !told.has(clientId));
      for (const [index, { label }] of newcomers.entries()) {
        const isLast = index === newcomers.length - 1;
        const { arrived, arrivedWithKey } = words.room.lobby;
        announcer.say(isLast ? arrivedWithKey(label) : arrived(label));
      }
      told = new Set(waiting.map(({ clientId }) => clientId));
    },
    { immediate: true },
  );
}
