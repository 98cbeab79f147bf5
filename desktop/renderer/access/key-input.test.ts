import { describe, expect, it } from 'vitest';
import { hostOfLink, keyOfFragment, keyOfInput } from './key-input';

const KEY = 'Zm9vYmFyYmF6cXV4LTEyMw';

describe('the key of what was pasted', () => {
  it.each([
    `https://studio.local:8443/live-streams#key=${KEY}`,
    `http://localhost:8443/live-streams?x=1#key=${KEY}&more=1`,
    `#key=${KEY}`,
    `key=${KEY}`,
    `  ${KEY}\n`,
  ])('is found in %j', (input) => expect(keyOfInput(input)).toBe(KEY));

  it.each(['', 'studio', 'https://studio.local:8443/live-streams', `#key=`, `#key=a b`, '#kex=x'])(
    'is not made up from %j',
    (input) => expect(keyOfInput(input)).toBeUndefined(),
  );
});

it('reads a page’s own fragment', () => {
  expect(keyOfFragment(`#key=${KEY}`)).toBe(KEY);
  expect(keyOfFragment('')).toBeUndefined();
  expect(keyOfFragment('#help')).toBeUndefined();
});

it('knows where a link leads', () => {
  expect(hostOfLink(` https://Studio.local:8443/live-streams#key=${KEY}`)).toBe(
    'studio.local:8443',
  );
  expect(hostOfLink(KEY)).toBeUndefined();
});
