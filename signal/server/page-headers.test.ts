import { describe, expect, test } from 'vitest';
import { contentSecurityPolicy, pageHeaders } from './page-headers';

function headersOf(pathname: string, host: string, isSecure = false) {
  return pageHeaders({ pathname, host, isSecure });
}

describe('policy', () => {
  test('allows own files and no inline code', () => {
    const policy = contentSecurityPolicy({ host: '10.0.0.2:8443' });
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self' ws://10.0.0.2:8443 wss://10.0.0.2:8443;");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('*');
  });

  test.each([
    undefined,
    '',
    "evil.example; script-src 'unsafe-inline'",
    'a b',
    '*',
    '[::1]:8443',
    'x\r\ny',
    '.example',
    `${'a'.repeat(300)}.example`,
  ])('repeats no host that is not plainly one: %j', (host) => {
    expect(contentSecurityPolicy({ host })).toContain("connect-src 'self';");
  });
});

describe('policy of a page that probes the secure port', () => {
  const policy = (host: string) => contentSecurityPolicy({ host, probedPort: 8443 });

  test('names it on the same host', () => {
    expect(policy('10.0.0.2:8080')).toContain(' https://10.0.0.2:8443 wss://10.0.0.2:8443;');
    expect(policy('studio.local')).toContain(' https://studio.local:8443 wss://studio.local:8443;');
  });

  test('allows every secure one where it cannot be named', () => {
    expect(policy('[fd00::5]:8080')).toContain("connect-src 'self' https: wss:;");
  });
});

describe('headers', () => {
  test('let only phone pages bring a manifest of their own', () => {
    const policyOf = (path: string) => headersOf(path, 'localhost')['Content-Security-Policy'];
    expect(policyOf('/stream')).toContain("manifest-src 'self' data:;");
    expect(policyOf('/live-streams')).toContain("manifest-src 'self';");
  });

  test('insist on HTTPS only when told', () => {
    const asked = { pathname: '/', host: 'studio.example', isSecure: true };
    expect(pageHeaders(asked)).not.toHaveProperty('Strict-Transport-Security');
    const insisting = pageHeaders({ ...asked, insistsOnTls: true });
    expect(insisting['Strict-Transport-Security']).toBe('max-age=2592000');
  });

  test('keep hashed files for ever and nothing else', () => {
    const cached = (path: string) => headersOf(path, 'localhost')['Cache-Control'];
    expect(cached('/assets/stream-abc123.js')).toContain('immutable');
    expect(cached('/live-streams/assets/main-abc123.css')).toContain('max-age=31536000');
    for (const path of ['/', '/stream', '/live-streams', '/sw.js', '/manifest.webmanifest']) {
      expect(cached(path)).toBe('no-cache');
    }
  });

  test('let only phone pages ask for a camera', () => {
    const permissions = (path: string) => headersOf(path, 'localhost')['Permissions-Policy'];
    for (const path of ['/stream', '/stream/', '/stream.html', '/mobile-stream.html']) {
      expect(permissions(path)).toContain('camera=(self), microphone=(self)');
    }
    expect(permissions('/live-streams')).toContain('camera=(), microphone=()');
    expect(permissions('/')).toContain('camera=()');
  });

  test('isolate the page where browsers accept that', () => {
    const opener = (host: string) => headersOf('/stream', host)['Cross-Origin-Opener-Policy'];
    expect(opener('127.0.0.1:8443')).toBe('same-origin');
    expect(opener('[::1]:8443')).toBe('same-origin');
    expect(opener('localhost')).toBe('same-origin');
    expect(opener('192.168.1.5:8443')).toBeUndefined();
    const secure = headersOf('/stream', '192.168.1.5:8443', true);
    expect(secure['Cross-Origin-Opener-Policy']).toBe('same-origin');
  });
});
