/**
 * How peer connections are set up at both ends, and how they get new ICE servers. TURN credentials
 * may be good for a limited time, so the newest are taken whenever candidates will be gathered: for
 * a new connection and before an ICE restart (webrtc-pc, `setConfiguration`).
 */
import type { IceServer } from '../protocol/messages';

/** The configuration of a connection, new or restarted. */
export function peerConfiguration(iceServers: readonly IceServer[]): RTCConfiguration {
  return { iceServers: [...iceServers], bundlePolicy: 'max-bundle' };
}

/**
 * Gives a connection the servers it is to gather candidates from when ICE restarts.
 * @throws DOMException when the browser does not take them, as its constructor would
 */
export function renewIceServers(
  connection: Pick<RTCPeerConnection, 'setConfiguration'>,
  iceServers: readonly IceServer[],
): void {
  // Firefox before 118 cannot. If its old credentials have expired, the restart does not help, and
  // the recovery goes on to a new connection, which starts with the newest.
  if ('setConfiguration' in connection) {
    connection.setConfiguration(peerConfiguration(iceServers));
  }
}
