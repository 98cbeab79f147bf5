/**
 * The least that sends a camera: what a page of one screen of code would do, and nothing besides.
 * Everything in here runs inside a page, so it uses nothing but its argument.
 */
import type { BareSignal } from './bare-signal';

/** What a bare phone captures and sends; a plain value, since it travels into the page. */
export interface BareSending {
  readonly constraints: MediaStreamConstraints;
  readonly maxBitrateBps: number;
  readonly maxFramerate: number;
  /** Of the codec to put first, in lower case. */
  readonly codec: string;
  /** Whether the page shows its own picture, as every page for people does. */
  readonly hasPreview: boolean;
}

/** What the harness may ask of the page. */
export interface BarePhoneApi {
  /** Closes every connection and the camera; the viewers stay, and wait. */
  release(): void;
  /** Lets every sender of pictures send, or rest; the camera stays open. */
  setSending(isOn: boolean): Promise<void>;
}

declare global {
  interface Window {
    barePhone: BarePhoneApi;
  }
}

/** Installs the phone; its button opens the camera and calls every viewer that waits. */
export function installBarePhone(settings: BareSending): void {
  const waiting = new Set<number>();
  const connections = new Map<number, RTCPeerConnection>();
  let media: MediaStream | undefined;

  const call = async (viewer: number, { tracks }: { tracks: MediaStreamTrack[] }) => {
    connections.get(viewer)?.close();
    const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    connections.set(viewer, connection);
    const streams = [new MediaStream()];
    for (const track of tracks) {
      if (track.kind === 'audio') {
        connection.addTransceiver(track, { direction: 'sendonly', streams });
        continue;
      }
      const { maxBitrateBps, maxFramerate, codec } = settings;
      const video = connection.addTransceiver(track, {
        direction: 'sendonly',
        streams,
        sendEncodings: [{ maxBitrate: maxBitrateBps, maxFramerate }],
      });
      const isFirst = ({ mimeType }: { mimeType: string }) => mimeType.toLowerCase() === codec;
      const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
      video.setCodecPreferences([
        ...codecs.filter(isFirst),
        ...codecs.filter((one) => !isFirst(one)),
      ]);
      const parameters = video.sender.getParameters();
      parameters.degradationPreference = 'maintain-resolution';
      void video.sender.setParameters(parameters);
    }
    // Nothing is told before the offer it belongs to.
    const unsent: BareSignal[] = [];
    let tell = (signal: BareSignal): void => void unsent.push(signal);
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate !== null) tell({ kind: 'candidate', candidate: candidate.toJSON() });
    });
    await connection.setLocalDescription();
    if (connection.localDescription === null) throw new Error('There is no offer.');
    const description = connection.localDescription.toJSON();
    tell = (signal) => void window.bareSend(viewer, signal);
    for (const signal of [{ kind: 'description', description } as const, ...unsent]) tell(signal);
  };

  window.bareTake = async (viewer, signal) => {
    switch (signal.kind) {
      case 'ready':
        waiting.add(viewer);
        if (media !== undefined) await call(viewer, { tracks: media.getTracks() });
        break;
      case 'description':
        await connections.get(viewer)?.setRemoteDescription(signal.description);
        break;
      case 'candidate':
        await connections.get(viewer)?.addIceCandidate(signal.candidate);
        break;
      case 'bye':
        waiting.delete(viewer);
        connections.get(viewer)?.close();
        connections.delete(viewer);
        break;
    }
  };

  const start = async () => {
    const opened = await navigator.mediaDevices.getUserMedia(settings.constraints);
    for (const track of opened.getVideoTracks()) track.contentHint = 'motion';
    media = opened;
    const tracks = opened.getTracks();
    if (settings.hasPreview) {
      const preview = document.createElement('video');
      Object.assign(preview, { muted: true, autoplay: true, playsInline: true });
      preview.srcObject = new MediaStream(opened.getVideoTracks());
      document.body.append(preview);
    }
    await Promise.all([...waiting].map((viewer) => call(viewer, { tracks })));
  };

  window.barePhone = {
    release: () => {
      for (const [viewer, connection] of connections) {
        connection.close();
        void window.bareSend(viewer, { kind: 'bye' });
      }
      connections.clear();
      for (const track of media?.getTracks() ?? []) track.stop();
      media = undefined;
      document.querySelector('video')?.remove();
    },
    setSending: async (isOn) => {
      const senders = [...connections.values()].flatMap((connection) => connection.getSenders());
      const ofVideo = senders.filter(({ track }) => track?.kind === 'video');
      await Promise.all(
        ofVideo.map((sender) => {
          const parameters = sender.getParameters();
          for (const encoding of parameters.encodings) encoding.active = isOn;
          return sender.setParameters(parameters);
        }),
      );
    },
  };

  document.addEventListener('DOMContentLoaded', () => {
    const button = document.createElement('button');
    button.dataset['testid'] = 'start';
    button.textContent = 'Start';
    button.addEventListener('click', () => void start());
    document.body.append(button);
  });
}
