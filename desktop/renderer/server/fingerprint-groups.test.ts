import { expect, it } from 'vitest';
import { fingerprintGroups } from './fingerprint-groups';

it('loses nothing of a fingerprint', () => {
  const bytes = Array.from({ length: 32 }, (_, index) =>
    index.toString(16).padStart(2, '0').toUpperCase(),
  );
  const groups = fingerprintGroups(bytes.join(':'));
  expect(groups).toHaveLength(8);
  expect(groups[0]).toBe('00:01:02:03:');
  expect(groups.join('')).toBe(bytes.join(':'));
});
