import { CONTROL_CHANNEL_ID, CONTROL_CHANNEL_LABEL } from '../../protocol/control-limits';

/**
 * Opens the `control` channel: ordered, reliable, and negotiated, so that it needs no message of its
 * own. Call it before the first offer or answer. Against a page without it, it never opens.
 */
export function openControlChannel(
  connection: Pick<RTCPeerConnection, 'createDataChannel'>,
): RTCDataChannel {
  return connection.createDataChannel(CONTROL_CHANNEL_LABEL, {
    negotiated: true,
    id: CONTROL_CHANNEL_ID,
  });
}
