/**
 * The parts of the light page, found once. The page and this list are written together, so a
 * missing one is a mistake of ours and throws at load.
 */
export const elements = {
  status: find('span', 'status'),
  announcement: find('p', 'announcement'),
  tooOld: find('p', 'too-old'),
  setup: find('form', 'setup'),
  notice: find('p', 'notice'),
  why: find('p', 'why'),
  name: find('input', 'stream-name'),
  start: find('button', 'start'),
  live: find('section', 'live'),
  preview: find('video', 'preview'),
  label: find('h2', 'label'),
  viewerCount: find('span', 'viewer-count'),
  banner: find('p', 'banner'),
  restart: find('button', 'restart'),
  mute: find('button', 'mute'),
  stop: find('button', 'stop'),
  switchCamera: find('button', 'switch'),
  problem: find('section', 'problem'),
} as const;

function find<K extends keyof HTMLElementTagNameMap>(tag: K, id: string): HTMLElementTagNameMap[K] {
  const element = document.querySelector<HTMLElementTagNameMap[K]>(`${tag}#${id}`);
  if (element === null) throw new Error(`The page lacks ${tag}#${id}`);
  return element;
}
