import { readFile } from 'node:fs/promises';
import { renderUnicodeCompact } from 'uqr';
import { describe, expect, test } from 'vitest';
import { serverUrls, type Binding } from './addresses';
import { movedText, noticeOf, readyLine, readyText } from './ready-message';

const address = { netmask: '', mac: '', cidr: null, family: 'IPv4', internal: false } as const;
const LAN = { eth0: [{ ...address, address: '192.168.1.5' }] };
const TLS = { names: [], covers: () => true, trustPort: 8080 };

function factsOf(tls: Binding['tls'], interfaces = {}) {
  const binding = { host: '0.0.0.0', port: 8443, ...(tls === undefined ? {} : { tls }) };
  const rootFingerprint = tls?.trustPort === undefined ? undefined : 'AA:BB';
  return { urls: serverUrls(binding, interfaces, undefined), rootFingerprint };
}

describe('for people', () => {
  test('a new phone scans the way in of the best LAN address', () => {
    const text = readyText('Studio', factsOf(TLS, LAN), undefined);
    const url = 'http://192.168.1.5:8080/trust';
    expect(text).toContain(`A new phone begins at:\n  ${url}\n`);
    expect(text).toContain(renderUnicodeCompact(url, { border: 2 }));
    expect(text).toContain('  https://192.168.1.5:8443/stream\n');
    expect(text).toContain('AA:BB');
    const widths = text
      .split('\n')
      .filter((line) => /[█▀▄]/u.test(line))
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThan(80);
  });

  test('with a certificate of the operator it scans the stream page itself', () => {
    const text = readyText('Studio', factsOf({ ...TLS, trustPort: undefined }, LAN), undefined);
    expect(text).toContain('Join with a phone:\n  https://192.168.1.5:8443/stream\n');
    expect(text).not.toContain('Fingerprint');
  });

  test('without TLS or network there is nothing to scan, and why is said', () => {
    const plain = factsOf(undefined, LAN);
    expect(readyText('Studio', plain, noticeOf(plain.urls, false))).toMatch(
      /plain HTTP.*--tls auto/u,
    );
    const alone = factsOf(TLS);
    const text = readyText('Studio', alone, noticeOf(alone.urls, false));
    expect(text).toContain('No address for phones');
    for (const shown of [text, readyText('Studio', plain, undefined)]) {
      expect(shown).not.toMatch(/[█▀▄]/u);
    }
  });

  test('when addresses change there is another code, or why there is none', () => {
    const url = 'http://192.168.1.5:8080/trust';
    const text = movedText(factsOf(TLS, LAN).urls);
    expect(text).toContain(`A new phone begins at:\n  ${url}\n`);
    expect(text).toContain(renderUnicodeCompact(url, { border: 2 }));
    expect(text).not.toContain('No address for phones');
    expect(movedText(factsOf(TLS).urls)).toContain('No address for phones');
  });
});

test('a notice is for those whom nothing else helps', () => {
  expect(noticeOf(factsOf(undefined, LAN).urls, true)).toBeUndefined();
  expect(noticeOf(factsOf(TLS, LAN).urls, false)).toBeUndefined();
});

test('the line of --json has a fingerprint only where there is a root', () => {
  expect(JSON.parse(readyLine(factsOf(TLS, LAN), 7))).toMatchObject({
    event: 'ready',
    pid: 7,
    rootFingerprint: 'AA:BB',
  });
  expect(readyLine(factsOf(undefined), 7)).not.toContain('rootFingerprint');
});

test('the service in the documentation keeps its keys out of the journal', async () => {
  const urls = serverUrls({ host: '127.0.0.1', port: 1 }, {}, { operator: 'o', phone: 'p' });
  expect(readyLine({ urls, rootFingerprint: undefined }, 1)).toContain('#key=o');
  const document = await readFile(new URL('../../docs/lan.md', import.meta.url), 'utf8');
  const [unit] = /```ini[^`]*--json[^`]*```/u.exec(document) ?? [];
  expect(unit).toMatch(/^StandardOutput=truncate:\/run\//mu);
  expect(unit).toContain('\nUMask=0077\n');
});
