import { onScopeDispose, ref, type Ref } from 'vue';

/** Ages are told in minutes or tens of seconds. */
const TICK_MS = 5_000;

/** The time of day in milliseconds since the epoch, fresh enough for ages that people read. */
export function useNow(): Readonly<Ref<number>> {
  const now = ref(Date.now());
  const timer = setInterval(() => {
    now.value = Date.now();
  }, TICK_MS);
  onScopeDispose(() => clearInterval(timer));
  return now;
}
