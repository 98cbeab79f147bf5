/**
 * The least that shows a camera. Everything in here runs inside a page, so it uses nothing but its
 * argument.
 */
import type { BareSignal } from './bare-signal';

/** Installs the viewer, which says that it is ready and answers whoever calls. */
export function installBareViewer(viewer: number): void {
  let connection: RTCPeerConnection | undefined;
  const tell = (signal: BareSignal): void => void window.bareSend(viewer, signal);

  const end = () => {
    connection?.close();
    connection = undefined;
    document.querySelector('video')?.remove();
  };

  const answer = async (offer: RTCSessionDescriptionInit) => {
    end();
    const answering = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    connection = answering;
    const unsent: BareSignal[] = [];
    let later = (signal: BareSignal): void => void unsent.push(signal);
    answering.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate !== null) later({ kind: 'candidate', candidate: candidate.toJSON() });
    });
    answering.addEventListener('track', ({ track, streams: [media] }) => {
      if (track.kind !== 'video' || media === undefined) return;
      const video = document.createElement('video');
      Object.assign(video, { muted: true, autoplay: true, playsInline: true, srcObject: media });
      document.body.append(video);
    });
    await answering.setRemoteDescription(offer);
    await answering.setLocalDescription();
    if (answering.localDescription === null) throw new Error('There is no answer.');
    const description = answering.localDescription.toJSON();
    later = tell;
    for (const signal of [{ kind: 'description', description } as const, ...unsent]) tell(signal);
  };

  window.bareTake = async (_viewer, signal) => {
    switch (signal.kind) {
      case 'description':
        await answer(signal.description);
        break;
      case 'candidate':
        await connection?.addIceCandidate(signal.candidate);
        break;
      case 'bye':
        end();
        break;
      case 'ready':
        break;
    }
  };

  document.addEventListener('DOMContentLoaded', () => tell({ kind: 'ready' }));
}
