import { onScopeDispose, ref, type Ref } from 'vue';

/** `performance.now()`, once a second: the clock that alerts are raised by, in milliseconds. */
export function useSecond(): Readonly<Ref<number>> {
  const now = ref(performance.now());
  const timer = setInterval(() => {
    now.value = performance.now();
  }, 1_000);
  onScopeDispose(() => clearInterval(timer));
  return now;
}
