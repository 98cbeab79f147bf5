import { describe, expect, test } from 'vitest';
import { IceServerSource } from './ice-server-source';
import { turnCredentials } from './turn-credentials';

const STUN = { urls: ['stun:stun.example'] };
const TURN_REST = { urls: ['turn:one.example', 'turns:two.example'], secret: 'shared-secret' };
const START_MS = 1_700_000_000_500;

function sourceAt(clock: { readonly ms: number }): IceServerSource {
  return new IceServerSource({
    iceServers: [STUN],
    turnRest: TURN_REST,
    ttlSeconds: 100,
    nowMs: () => clock.ms,
  });
}

describe('the servers of a client', () => {
  test('carry credentials of its own, good for the time to live from now', () => {
    const clock = { ms: START_MS };
    const source = sourceAt(clock);
    const credentialsOf = (clientId: string, expiresAt: number) => ({
      urls: TURN_REST.urls,
      ...turnCredentials(TURN_REST.secret, clientId, expiresAt),
    });
    expect(source.serversFor('a')).toEqual([STUN, credentialsOf('a', 1_700_000_100)]);
    expect(source.serversFor('b')).toEqual([STUN, credentialsOf('b', 1_700_000_100)]);
    clock.ms += 30_000;
    expect(source.serversFor('a')).toEqual([STUN, credentialsOf('a', 1_700_000_130)]);
  });

  test('are the same for everybody without a shared secret, and never due', () => {
    const clock = { ms: START_MS };
    const source = new IceServerSource({
      iceServers: [STUN],
      turnRest: undefined,
      nowMs: () => clock.ms,
    });
    expect(source.serversFor('a')).toEqual([STUN]);
    clock.ms += 1e9;
    expect(source.takeRenewal()).toBe(false);
  });
});

describe('a renewal', () => {
  test('is due once in half of the time to live', () => {
    const clock = { ms: START_MS };
    const source = sourceAt(clock);
    clock.ms += 49_999;
    expect(source.takeRenewal()).toBe(false);
    clock.ms += 1;
    expect(source.takeRenewal()).toBe(true);
    expect(source.takeRenewal()).toBe(false);
    clock.ms += 50_000;
    expect(source.takeRenewal()).toBe(true);
  });

  test('is due at once after the machine slept, or its clock was set back', () => {
    const clock = { ms: START_MS };
    const source = sourceAt(clock);
    clock.ms += 1e7;
    expect(source.takeRenewal()).toBe(true);
    expect(source.takeRenewal()).toBe(false);
    clock.ms -= 1e6;
    expect(source.takeRenewal()).toBe(true);
    expect(source.takeRenewal()).toBe(false);
  });
});
