import { describe, expect, it } from 'vitest';
import { keyOfFragment, keyOfInput, originOfLink } from './key-input';

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
  expect(originOfLink(` https://Studio.local:8443/live-streams#key=${KEY}`)).toBe(
    'wss://studio.local:8443',
  );
  expect(originOfLink(`http://studio.local:80#key=${KEY}`)).toBe('ws://studio.local');
  expect(originOfLink(`https://studio.local:443#key=${KEY}`)).toBe('wss://studio.local');
  for (const text of [KEY, `#key=${KEY}`, 'studio.local:8443', 'javascript:alert(1)']) {
    expect(originOfLink(text)).toBeUndefined();
  }
});
