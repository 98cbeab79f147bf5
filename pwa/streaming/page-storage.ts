/**
 * A page's storage, or one that lasts as long as the page where the browser denies it: reading
 * `window.localStorage` throws when cookies are blocked.
 * @param open `() => window.sessionStorage`, or `localStorage`.
 */
export function openStorage(open: () => Storage): Storage {
  try {
    return open();
  } catch {
    // Denied: nothing is remembered beyond this page, and everything else works.
    return new MemoryStorage();
  }
}

/** `Storage` without a disk. */
class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();

  get length(): number {
    return this.#items.size;
  }

  clear(): void {
    this.#items.clear();
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }
}
