import { defineStore } from 'pinia';
import { computed, ref, shallowReactive, shallowRef } from 'vue';
import type { PeopleMessage, RoomMessage } from '../../../signal/protocol/room-messages';

/** How the room stands, who waits and who watches: the server's last word, for operators only. */
export const useRoomStore = defineStore('room', () => {
  const facts = shallowRef<RoomMessage>();
  const people = shallowRef<PeopleMessage>();
  /** Client id of a waiting phone to a `data:` URL of its last still picture. */
  const pictures = shallowReactive(new Map<string, string>());
  /** The operator has put the lobby aside; it comes back when somebody new waits. */
  const isLobbyFolded = ref(false);

  const waiting = computed(() => people.value?.waiting ?? []);
  const waitingCount = computed(() => people.value?.waitingCount ?? 0);

  function setPeople(now: PeopleMessage): void {
    const known = new Set(waiting.value.map(({ clientId }) => clientId));
    if (now.waiting.some(({ clientId }) => !known.has(clientId))) isLobbyFolded.value = false;
    const stillWaiting = new Set(now.waiting.map(({ clientId }) => clientId));
    for (const clientId of pictures.keys()) {
      if (!stillWaiting.has(clientId)) pictures.delete(clientId);
    }
    people.value = now;
  }

  /** @param picture a JPEG in base64, as the schema has checked */
  function setPicture(clientId: string, picture: string): void {
    const isWaiting = waiting.value.some((phone) => phone.clientId === clientId);
    if (isWaiting) pictures.set(clientId, `data:image/jpeg;base64,${picture}`);
  }

  /** Forgets what belonged to the server before. */
  function reset(): void {
    facts.value = undefined;
    people.value = undefined;
    pictures.clear();
    isLobbyFolded.value = false;
  }

  return {
    facts,
    people,
    pictures,
    isLobbyFolded,
    waiting,
    waitingCount,
    setPeople,
    setPicture,
    reset,
  };
});

export type RoomStore = ReturnType<typeof useRoomStore>;
