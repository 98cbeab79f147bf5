import * as v from 'valibot';
import { MAX_LABEL_LENGTH } from '../../signal/protocol/limits';
import { labelSchema } from '../../signal/protocol/fields';

/** A name as the protocol takes it: one line, trimmed, short enough; undefined when nothing is left. */
export function cleanLabel(text: string): string | undefined {
  const oneLine = text.replace(/\s+/gu, ' ').trim().slice(0, MAX_LABEL_LENGTH);
  // The cut may have halved a character outside the basic plane.
  const parsed = v.safeParse(labelSchema, oneLine.replace(/[\uD800-\uDBFF]$/u, ''));
  return parsed.success ? parsed.output : undefined;
}
