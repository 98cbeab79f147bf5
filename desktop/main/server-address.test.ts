import { describe, expect, it } from 'vitest';
import { originsFor, readAddress, rememberedAddress } from './server-address';

const signaling = (text: string): string[] => originsFor(text).map((origin) => origin.signaling);

describe('originsFor', () => {
  it.each([
    ['http://10.0.0.5:8443', ['ws://10.0.0.5:8443']],
    ['https://desk.local:8443/stream?x=1#y', ['wss://desk.local:8443']],
    ['ws://10.0.0.5:9000/', ['ws://10.0.0.5:9000']],
    ['wss://desk.example', ['wss://desk.example']],
    ['http://desk', ['ws://desk']],
    ['http://[fe80::1]:8443/live-streams', ['ws://[fe80::1]:8443']],
    [' 10.0.0.5:9000 ', ['wss://10.0.0.5:9000', 'ws://10.0.0.5:9000']],
    ['10.0.0.5', ['wss://10.0.0.5:8443', 'ws://10.0.0.5:8443']],
    ['desk:80', ['wss://desk:80', 'ws://desk']],
    ['desk:443', ['wss://desk', 'ws://desk:443']],
    ['wss://desk:443', ['wss://desk']],
    ['https://Desk', ['wss://desk']],
    ['desk:8443/stream', ['wss://desk:8443', 'ws://desk:8443']],
    ['[::1]:8443', ['wss://[::1]:8443', 'ws://[::1]:8443']],
    ['[::1]', ['wss://[::1]:8443', 'ws://[::1]:8443']],
  ])('reads %j', (text, expected) => {
    expect(signaling(text)).toEqual(expected);
  });

  it.each([
    '',
    '   ',
    'ftp://desk',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://',
    'a b',
    'user@desk',
    'http://user:pass@desk',
    'desk:99999',
    ':8443',
  ])('reads nothing from %j', (text) => {
    expect(originsFor(text)).toEqual([]);
  });

  it('asks the health of the same place', () => {
    expect(originsFor('https://desk:8443')[0]?.health).toBe('https://desk:8443/healthz');
  });
});

describe('rememberedAddress', () => {
  it.each([
    ['desk:8443', 'wss://desk:8443', 'https://desk:8443'],
    ['desk:443', 'wss://desk', 'https://desk'],
    ['[::1]', 'wss://[::1]:8443', 'https://[::1]:8443'],
    ['desk:8443', 'ws://desk:8443', 'desk:8443'],
    ['https://desk/live-streams', 'wss://desk', 'https://desk/live-streams'],
  ])('keeps of %j, found at %j, %j', (address, origin, kept) => {
    expect(rememberedAddress(address, origin)).toBe(kept);
    expect(originsFor(kept)[0]?.signaling).toBe(
      origin.startsWith('wss:') ? origin : 'wss://desk:8443',
    );
  });
});

describe('readAddress', () => {
  const KEY = 'AbCdEfGhIjKlMnOpQrSt-_';

  it('takes the key out of a link, so that what is shown holds none', () => {
    const { address, key, origins } = readAddress(` https://desk:8443/live-streams#key=${KEY} `);
    expect(address).toBe('https://desk:8443/live-streams');
    expect(key).toBe(KEY);
    expect(origins.map(({ signaling: at }) => at)).toEqual(['wss://desk:8443']);
  });

  it('sends a key without TLS only where the link says so', () => {
    const meant = (text: string) => readAddress(text).origins.map(({ signaling: at }) => at);
    expect(meant(`desk:8443/live-streams#key=${KEY}`)).toEqual(['wss://desk:8443']);
    expect(meant(`http://desk:8443/live-streams#key=${KEY}`)).toEqual(['ws://desk:8443']);
    expect(meant('desk:8443')).toEqual(['wss://desk:8443', 'ws://desk:8443']);
  });

  it.each(['desk:8443', 'desk:8443#', 'desk:8443#key=', 'desk:8443#key=a%20b', 'desk:8443#wall'])(
    'finds no key in %j, and keeps its fragment from others all the same',
    (text) => {
      expect(readAddress(text)).toMatchObject({ address: 'desk:8443', key: undefined });
    },
  );

  it('finds a key among other things', () => {
    expect(readAddress(`desk#wall=2&key=${KEY}&x`).key).toBe(KEY);
  });

  it('says that a mere fragment is no address', () => {
    expect(readAddress(`#key=${KEY}`).origins).toEqual([]);
  });
});
