import { describe, expect, it } from 'vitest';
import { linkOf } from './room-links';

const KEY = 'Zm9vYmFyYmF6cXV4LTEyMw';
const signalingOrigin = 'wss://studio.local:8443';
const joinAddress = {
  url: 'https://192.168.1.20:8443/stream#key=old-key-old-key-old-key',
  network: 'lan',
  cameraAllowed: true,
  trustUrl: 'http://192.168.1.20:8080/trust#key=old-key-old-key-old-key',
} as const;

describe('linkOf', () => {
  it('leads viewers and operators to the console, at the address that others can reach', () => {
    const url = `https://192.168.1.20:8443/live-streams#key=${KEY}`;
    expect(linkOf('viewer', KEY, { joinAddress, signalingOrigin })).toEqual({ url, codeUrl: url });
    expect(linkOf('operator', KEY, { joinAddress, signalingOrigin }).url).toBe(url);
  });

  it('leads phones to the camera page, and their code to the way in', () => {
    expect(linkOf('phone', KEY, { joinAddress, signalingOrigin })).toEqual({
      url: `https://192.168.1.20:8443/stream#key=${KEY}`,
      codeUrl: `http://192.168.1.20:8080/trust#key=${KEY}`,
    });
  });

  it('falls back to the address in use, behind a proxy or without a network', () => {
    const place = { joinAddress: undefined, signalingOrigin };
    expect(linkOf('phone', KEY, place).codeUrl).toBe(`https://studio.local:8443/stream#key=${KEY}`);
    expect(linkOf('viewer', KEY, { ...place, signalingOrigin: 'ws://127.0.0.1:1' }).url).toBe(
      `http://127.0.0.1:1/live-streams#key=${KEY}`,
    );
  });
});
