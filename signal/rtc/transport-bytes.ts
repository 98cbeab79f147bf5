/**
 * Bytes received over a connection's transport, media and RTCP together; undefined where the
 * browser does not say (Firefox counts at its candidate pairs, not at the `transport`).
 */
export async function readBytesReceived(
  connection: Pick<RTCPeerConnection, 'getStats'>,
): Promise<number | undefined> {
  const report = await connection.getStats();
  let transport: number | undefined;
  let pairs: number | undefined;
  report.forEach((entry: RTCStats & { readonly bytesReceived?: unknown }) => {
    if (typeof entry.bytesReceived !== 'number') return;
    if (entry.type === 'transport') transport = (transport ?? 0) + entry.bytesReceived;
    if (entry.type === 'candidate-pair') pairs = (pairs ?? 0) + entry.bytesReceived;
  });
  return transport ?? pairs;
}
