import { words } from '../wording';

/** More sentences than this are not listened to, only counted. */
const MAX_SENTENCES = 3;

/** Makes one announcement of several sentences: the first few, and how many more there were. */
export function coalesce(sentences: readonly string[]): string {
  const spoken = sentences.slice(0, MAX_SENTENCES);
  const unspoken = sentences.length - spoken.length;
  return [...spoken, ...(unspoken > 0 ? [words.wall.andMore(unspoken)] : [])].join(' ');
}
