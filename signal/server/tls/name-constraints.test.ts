import { describe, expect, test } from 'vitest';
import { constraintsFor, isPermitted, ownNames } from './name-constraints';

describe('own names', () => {
  test.each([
    ['Studio-PC', ['studio-pc', 'studio-pc.local']],
    ['Marcels-Mac.local', ['marcels-mac.local']],
    ['pc.example.com', ['pc.example.com', 'pc.local']],
    ['localhost', ['localhost']],
    ['studio.', ['studio', 'studio.local']],
    ['', []],
    ['no good', []],
    ['under_score', []],
    ['-x', []],
    ['10.0.0.1', []],
    [`${'a'.repeat(64)}.example`, []],
  ])('of %j', (hostname, names) => {
    expect(ownNames(hostname)).toEqual(names);
  });
});

describe('a root of "studio"', () => {
  const constraints = constraintsFor('studio');

  test.each([
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.5',
    '169.254.7.7',
    '127.0.0.1',
    '100.64.0.1',
    '192.0.2.7',
    '::1',
    'fd00::5',
    'fe80::1',
    'localhost',
    'studio',
    'studio.local',
    'another.local',
  ])('may sign for %s', (host) => {
    expect(isPermitted(host, constraints)).toBe(true);
  });

  test.each([
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '11.0.0.1',
    '2600::1',
    '::2',
    'example.com',
    // "studio" is a top-level domain as well; what lies below it is somebody else's.
    'bank.studio',
    'notstudio',
    'evil-local',
    'local.example',
  ])('may not sign for %s', (host) => {
    expect(isPermitted(host, constraints)).toBe(false);
  });

  test('needs no name of its own where all local names are permitted', () => {
    for (const hostname of ['mac.local', 'localhost', 'not a name']) {
      const { permitted, excluded } = constraintsFor(hostname);
      expect(permitted.filter((name) => !name.includes('/'))).toEqual(['localhost', 'local']);
      expect(excluded).toEqual([]);
    }
  });
});
