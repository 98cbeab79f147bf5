import { expect, it } from 'vitest';
import { hasWebRtc } from './support';

it('asks for peer connections with transceivers', () => {
  expect(hasWebRtc({ RTCPeerConnection: {}, RTCRtpTransceiver: {} })).toBe(true);
  expect(hasWebRtc({ RTCPeerConnection: {} })).toBe(false);
  expect(hasWebRtc({})).toBe(false);
});
