import { describe, expect, it, vi } from 'vitest';
import { keyInHash, takeKeys, type AddressBar } from './link-key';
import { readPastedLink } from './pasted-link';

const KEY = 'a-Key_of-22-characters';
const OTHER_KEY = 'b-Key_of-22-characters';

describe('keyInHash', () => {
  it.each([
    [`#key=${KEY}`, KEY],
    [`#room=3&key=${KEY}`, KEY],
    ['#key=', undefined],
    ['#key=short', undefined],
    [`#key=${KEY}%20`, undefined],
    [`#${KEY}`, undefined],
    ['', undefined],
  ])('%s: %s', (hash, key) => {
    expect(keyInHash(hash)).toBe(key);
  });
});

/** A window with an address bar that the test reads. */
function windowAt(address: string) {
  const bar = new EventTarget();
  const state = { url: new URL(address) };
  const replaceState = vi.fn(
    (_state: unknown, _unused: string, url?: string | URL | null): void => {
      state.url = new URL(url ?? '', state.url);
    },
  );
  const view: AddressBar = {
    get location() {
      return state.url;
    },
    history: { state: null, replaceState },
    addEventListener: (type, listener) => bar.addEventListener(type, listener),
    removeEventListener: (type, listener) => bar.removeEventListener(type, listener),
  };
  return {
    view,
    replaceState,
    address: () => state.url.href,
    open: (hash: string): void => {
      state.url = new URL(hash, state.url);
      bar.dispatchEvent(new Event('hashchange'));
    },
  };
}

describe('takeKeys', () => {
  it('takes the key out of the address, and leaves the rest', () => {
    const { view, address } = windowAt(`https://192.0.2.7:8443/stream?name=Door#key=${KEY}`);
    const take = vi.fn();
    takeKeys(view, take);
    expect(take).toHaveBeenCalledExactlyOnceWith(KEY);
    expect(address()).toBe('https://192.0.2.7:8443/stream?name=Door');
  });

  it('leaves an address without a key alone', () => {
    const { view, replaceState } = windowAt('https://192.0.2.7:8443/stream#top');
    const take = vi.fn();
    takeKeys(view, take);
    expect(take).not.toHaveBeenCalled();
    expect(replaceState).not.toHaveBeenCalled();
  });

  it('takes the key of a link that is opened on this very page, until it is stopped', () => {
    const { view, address, open } = windowAt('https://192.0.2.7:8443/stream');
    const take = vi.fn();
    const stop = takeKeys(view, take);
    open(`#key=${OTHER_KEY}`);
    expect(take).toHaveBeenCalledExactlyOnceWith(OTHER_KEY);
    expect(address()).toBe('https://192.0.2.7:8443/stream');
    stop();
    open(`#key=${KEY}`);
    expect(take).toHaveBeenCalledOnce();
  });
});

describe('readPastedLink', () => {
  const origin = 'https://192.0.2.7:8443';

  it.each([
    [`${origin}/stream#key=${KEY}`, { kind: 'key', key: KEY }],
    [`  ${origin}/mobile-stream.html?x=1#key=${KEY}\n`, { kind: 'key', key: KEY }],
    [KEY, { kind: 'key', key: KEY }],
    [
      `https://192.0.2.9:8443/stream#key=${KEY}`,
      { kind: 'elsewhere', url: `https://192.0.2.9:8443/stream#key=${KEY}` },
    ],
    [`${origin}/stream`, { kind: 'none' }],
    [`javascript:alert(1)#key=${KEY}`, { kind: 'none' }],
    ['Scan the code', { kind: 'none' }],
    ['', { kind: 'none' }],
  ])('%s', (text, link) => {
    expect(readPastedLink(text, origin)).toEqual(link);
  });
});
