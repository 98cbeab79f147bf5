/** The page's own storage; undefined where the browser denies it, which it does by throwing. */
export function pageStorage(page: Pick<Window, 'localStorage'>): Storage | undefined {
  try {
    return page.localStorage;
  } catch {
    return undefined;
  }
}
