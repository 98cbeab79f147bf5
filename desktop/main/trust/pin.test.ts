import { describe, expect, it } from 'vitest';
import { testAuthority } from '../testing/certificates';
import { isPinned, isPinnedHost, pinOf } from './pin';

const rootFingerprint = testAuthority().fingerprint;
const ready = { state: 'ready' as const, kind: 'embedded' as const };
const pin = pinOf({ ...ready, origin: 'wss://127.0.0.1:8443', rootFingerprint });

describe('pinOf', () => {
  it('pins a secure server with a root of its own', () => {
    expect(pin).toEqual({
      kind: 'embedded',
      host: '127.0.0.1:8443',
      hostname: '127.0.0.1',
      rootFingerprint,
    });
  });

  it('pins nothing without TLS, without a root, and while no server is ready', () => {
    expect(pinOf({ ...ready, origin: 'ws://127.0.0.1:8443', rootFingerprint })).toBeUndefined();
    expect(pinOf({ ...ready, origin: 'wss://127.0.0.1:8443' })).toBeUndefined();
    expect(pinOf({ state: 'starting', kind: 'embedded' })).toBeUndefined();
  });
});

describe('isPinned', () => {
  it('holds for the very host and port', () => {
    expect(isPinned(pin, 'wss://127.0.0.1:8443/ws/1/viewer')).toBe(true);
    expect(isPinned(pin, 'https://127.0.0.1:8443/healthz')).toBe(true);
  });

  it.each([
    'wss://127.0.0.1:8444/',
    'wss://127.0.0.1/',
    'wss://127.0.0.2:8443/',
    'wss://127.0.0.1.evil:8443/',
    'wss://127.0.0.1:8443@evil/',
    'ws://127.0.0.1:8443/',
    'not an address',
  ])('does not hold for %s', (address) => {
    expect(isPinned(pin, address)).toBe(false);
  });

  it('knows the usual port and IPv6', () => {
    const usual = pinOf({ ...ready, origin: 'wss://[fd00::1]:443', rootFingerprint });
    expect(isPinned(usual, 'wss://[fd00::1]/ws')).toBe(true);
    expect(isPinnedHost(usual, 'fd00::1')).toBe(true);
    expect(isPinnedHost(usual, 'fd00::2')).toBe(false);
    expect(isPinnedHost(undefined, 'fd00::1')).toBe(false);
  });
});
