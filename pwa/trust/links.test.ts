import { describe, expect, it } from 'vitest';
import { cameraPageOf, secureOriginOf, securePageOf } from './links';

const at = (href: string) => new URL(href);

describe('links of the way in', () => {
  it('keep the room of the join link', () => {
    const page = at('http://192.168.1.20:8080/trust?room=a%20b#key=k');
    const origin = secureOriginOf(page, 8443);
    expect(securePageOf(origin, page)).toBe('https://192.168.1.20:8443/trust?room=a%20b#key=k');
    expect(cameraPageOf(origin, page)).toBe('https://192.168.1.20:8443/stream?room=a%20b#key=k');
  });

  it('find the secure port at the same host, whatever kind of host it is', () => {
    expect(secureOriginOf(at('http://[fe80::1]:8080/trust'), 8443)).toBe('https://[fe80::1]:8443');
    expect(secureOriginOf(at('http://desk.local:8080/trust'), 443)).toBe('https://desk.local');
  });

  it('stay on a page that is secure already', () => {
    const page = at('https://desk.example/trust#key=k');
    expect(secureOriginOf(page, 8443)).toBe('https://desk.example');
    expect(cameraPageOf('https://desk.example', page)).toBe('https://desk.example/stream#key=k');
  });
});
