import { onBeforeUnmount, onMounted } from 'vue';

/** Keys that work wherever the focus is, to what they do. */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** What reads keys itself. */
const KEEPS_ITS_KEYS = 'input, textarea, select, dialog, [popover], [role="menu"]';

/** Listens to the page's own keys; typing and open dialogs keep theirs. */
export function useShortcuts(shortcuts: Shortcuts): void {
  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.defaultPrevented || belongsElsewhere(event.target)) return;
    const run = shortcuts[event.key.toLowerCase()];
    if (run === undefined) return;
    event.preventDefault();
    run();
  }

  onMounted(() => document.addEventListener('keydown', onKey));
  onBeforeUnmount(() => document.removeEventListener('keydown', onKey));
}

function belongsElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(KEEPS_ITS_KEYS) !== null;
}
