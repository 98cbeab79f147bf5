import { onScopeDispose, ref, type Ref } from 'vue';

/** How long the outcome is shown, in milliseconds. */
const OUTCOME_SHOWN_MS = 4_000;

/** What became of copying: nothing yet, done, or the text is selected for the person to copy. */
export type CopyOutcome = 'none' | 'copied' | 'selected';

/**
 * Copies a text. Pages without HTTPS have no clipboard (W3C Clipboard API, secure contexts only):
 * there the element with the text is selected instead.
 */
export function useCopy(): {
  readonly outcome: Ref<CopyOutcome>;
  readonly copy: (text: string, element: Element | null) => Promise<void>;
} {
  const outcome = ref<CopyOutcome>('none');
  let timer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(timer));

  async function copy(text: string, element: Element | null): Promise<void> {
    const isCopied = await writeToClipboard(text);
    if (!isCopied && element !== null) getSelection()?.selectAllChildren(element);
    outcome.value = isCopied ? 'copied' : 'selected';
    clearTimeout(timer);
    timer = setTimeout(() => {
      outcome.value = 'none';
    }, OUTCOME_SHOWN_MS);
  }

  return { outcome, copy };
}

async function writeToClipboard(text: string): Promise<boolean> {
  // The typings promise a clipboard; insecure pages have none.
  if (!('clipboard' in navigator)) return false;
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}
