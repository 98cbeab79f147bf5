/** True where this browser can send and receive media over WebRTC with unified plan. */
export function hasWebRtc(scope: object = globalThis): boolean {
  return 'RTCPeerConnection' in scope && 'RTCRtpTransceiver' in scope;
}
