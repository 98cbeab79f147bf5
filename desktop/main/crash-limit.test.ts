import { describe, expect, it } from 'vitest';
import { createCrashLimit } from './crash-limit';

describe('createCrashLimit', () => {
  it('loads a crashed page again, but not one that keeps crashing', () => {
    const mayReload = createCrashLimit();
    expect(mayReload(1_000)).toBe(true);
    expect(mayReload(2_000)).toBe(false);
    expect(mayReload(50_000)).toBe(false);
    expect(mayReload(120_000)).toBe(true);
  });
});
