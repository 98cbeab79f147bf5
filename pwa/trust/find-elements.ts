/** Parts of the page's own document, each made sure of: a missing one is a mistake of ours. */
export type TrustElements = ReturnType<typeof findElements>;

/** Finds all of them. Throws for one that is missing. */
export function findElements() {
  return {
    serverName: find('span', 'server-name'),
    title: find('h1', 'title'),
    why: find('p', 'why'),
    tooOld: find('p', 'too-old'),
    check: find('section', 'check'),
    checkTitle: find('h2', 'check-title'),
    checks: find('ul', 'checks'),
    verdict: find('p', 'verdict'),
    advice: find('p', 'advice'),
    next: find('a', 'next'),
    retry: find('button', 'retry'),
    guide: find('details', 'guide'),
    guideTitle: find('h2', 'guide-title'),
    tabs: find('div', 'tabs'),
    steps: find('div', 'steps'),
    root: find('section', 'root'),
    rootTitle: find('h2', 'root-title'),
    rootSentence: find('p', 'root-sentence'),
    fingerprint: find('code', 'fingerprint'),
  } as const;
}

function find<K extends keyof HTMLElementTagNameMap>(tag: K, id: string): HTMLElementTagNameMap[K] {
  const element = document.querySelector<HTMLElementTagNameMap[K]>(`${tag}#${id}`);
  if (element === null) throw new Error(`The page lacks ${tag}#${id}`);
  return element;
}
