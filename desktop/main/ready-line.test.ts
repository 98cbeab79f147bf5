import { describe, expect, it } from 'vitest';
import { readyLine } from './testing/stub-server';
import { parseReadyLine } from './ready-line';

describe('parseReadyLine', () => {
  it('takes the address that works on this machine', () => {
    expect(parseReadyLine(readyLine('127.0.0.1', 8443))).toEqual({
      origin: 'ws://127.0.0.1:8443',
      port: 8443,
    });
  });

  it('knows the port that a secure address leaves out', () => {
    const line = readyLine('127.0.0.1', 443).replaceAll('ws://', 'wss://');
    expect(parseReadyLine(line)).toEqual({ origin: 'wss://127.0.0.1', port: 443 });
  });

  it('takes the fingerprint of the root that the server shows', () => {
    const fingerprint = Array.from({ length: 32 }, () => 'A1').join(':');
    const line = readyLine('127.0.0.1', 8443).replace(
      '"pid":1',
      `"pid":1,"rootFingerprint":"${fingerprint}"`,
    );
    expect(parseReadyLine(line)?.rootFingerprint).toBe(fingerprint);
    expect(parseReadyLine(line.replace('A1:', 'a1:'))).toBeUndefined();
  });

  it("takes the operator's key from the console's link", () => {
    const line = readyLine('127.0.0.1', 8443)
      .replace('/live-streams"', '/live-streams#key=AbCdEfGhIjKlMnOpQrStUv"')
      .replace('/stream"', '/stream#key=zyxwvutsrqponmlkjihgfe"');
    expect(parseReadyLine(line)).toMatchObject({
      origin: 'ws://127.0.0.1:8443',
      key: 'AbCdEfGhIjKlMnOpQrStUv',
    });
  });

  it('does without a key where the server lets everybody in', () => {
    expect(parseReadyLine(readyLine('127.0.0.1', 8443))?.key).toBeUndefined();
  });

  it.each([
    'listening',
    '{}',
    '{"event":"ready"}',
    '[1]',
    readyLine('127.0.0.1', 1).replaceAll('ws://', 'http://'),
    readyLine('127.0.0.1', 1).replace(/"ws":\["[^"]*"\]/u, '"ws":[]'),
  ])('ignores %j', (line) => {
    expect(parseReadyLine(line)).toBeUndefined();
  });
});
