import { describe, expect, it } from 'vitest';
import { originsFor } from './server-address';

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
    ['desk:80', ['wss://desk:80', 'ws://desk:80']],
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
