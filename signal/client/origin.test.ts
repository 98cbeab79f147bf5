import { describe, expect, it } from 'vitest';
import { endpointOf, signalingOriginOf } from './origin';

describe('signalingOriginOf', () => {
  it('goes with the security and the port of the page', () => {
    expect(signalingOriginOf({ protocol: 'https:', host: 'desk.local:8443' })).toBe(
      'wss://desk.local:8443',
    );
    expect(signalingOriginOf({ protocol: 'http:', host: '[2001:db8::7]:8080' })).toBe(
      'ws://[2001:db8::7]:8080',
    );
  });
});

describe('endpointOf', () => {
  it('names the client and its type, and nothing secret', () => {
    expect(endpointOf('ws://192.0.2.7:80', 'some-id', 'viewer')).toBe(
      'ws://192.0.2.7:80/ws/some-id/viewer',
    );
  });
});
