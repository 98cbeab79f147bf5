/** What a server says that it has refused. For tests only. */
import * as v from 'valibot';
import { expect } from 'vitest';
import type { RefusalReason } from '../limits/refusals';

const healthSchema = v.object({ refusals: v.record(v.string(), v.number()) });

/** Waits until a server has counted this many refusals for a reason. */
export async function expectRefusals(
  server: { health(): Promise<unknown> },
  reason: RefusalReason,
  atLeast = 1,
): Promise<void> {
  const count = async () => v.parse(healthSchema, await server.health()).refusals[reason];
  await expect.poll(count).toBeGreaterThanOrEqual(atLeast);
}
