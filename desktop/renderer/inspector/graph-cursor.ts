/**
 * The cursor that all graphs share, as a second or nowhere: pure functions of keys, and of what stands
 * under it.
 */
import { inspectorWords } from '../wording/inspector-words';
import type { LineValues } from './graph-data';
import type { GraphDefinition } from './graph-definitions';

/** Seconds that Page Up and Page Down move it. */
const PAGE_SECONDS = 10;

/** What a key does to the cursor: a second, `gone`, or undefined where the key is not meant for it. */
export function cursorAfterKey(
  key: string,
  cursor: number | undefined,
  seconds: readonly number[],
): number | 'gone' | undefined {
  const [first] = seconds;
  const last = seconds.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const from = cursor ?? last;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: from - 1,
    ArrowDown: from - 1,
    ArrowRight: from + 1,
    ArrowUp: from + 1,
    PageDown: from - PAGE_SECONDS,
    PageUp: from + PAGE_SECONDS,
    Home: first,
    End: last,
  };
  if (key === 'Delete' || key === 'Backspace') return 'gone';
  const wanted = steps[key];
  return wanted === undefined ? undefined : Math.min(Math.max(wanted, first), last);
}

/** The values of one stream in one graph at an index, as they are read: `24 / 30`. */
export function valuesAt(
  lines: readonly LineValues[],
  { digits }: Pick<GraphDefinition, 'digits'>,
  index: number,
): string {
  return lines
    .map(({ values }) => values[index]?.toFixed(digits) ?? inspectorWords.figures.absent)
    .join(' / ');
}

/** The same for ears: `shown 24, sent 30 fps`; empty where nothing is known. */
export function spokenAt(
  lines: readonly LineValues[],
  { id, digits }: Pick<GraphDefinition, 'id' | 'digits'>,
  index: number,
): string {
  const said = inspectorWords.graphs.of(id);
  const parts = lines.flatMap(({ values }, at) => {
    const value = values[index];
    return value === undefined ? [] : [`${said.lines[at] ?? ''} ${value.toFixed(digits)}`];
  });
  return parts.length === 0 ? '' : `${said.title}: ${parts.join(', ')} ${said.unit}`;
}
