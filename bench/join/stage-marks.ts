/**
 * Notes inside a page when each step of a join was taken, by the wall clock, which is the same in
 * all processes of a machine. The same marks go into Sightline's pages and into the bare ones, so
 * that what they cost is the same too.
 */

/**
 * Steps of a join in their order; each page notes those it takes part in. The first three are the
 * page's socket: asked for, open, its first message there. `camera`: camera and microphone were
 * given. `dtls`: everything is there to send. `packet`: the first packet of video was received,
 * which is what unmutes the receiver's track.
 */
export const JOIN_STEPS = [
  'socket-asked',
  'socket-open',
  'welcome',
  'camera',
  'offer',
  'remote-offer',
  'remote-answer',
  'ice',
  'dtls',
  'packet',
] as const;

/** One of them. */
export type JoinStep = (typeof JOIN_STEPS)[number];

/** Milliseconds since the epoch. */
export type StepTimes = Partial<Record<JoinStep, number>>;

declare global {
  interface Window {
    benchSteps: StepTimes;
  }
}

/** Installs the marks. Runs inside a page before its own scripts. */
export function installStageMarks(): void {
  window.benchSteps = {};
  const mark = (step: JoinStep) => {
    window.benchSteps[step] ??= Date.now();
  };

  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      mark('socket-asked');
      this.addEventListener('open', () => mark('socket-open'), { once: true });
      this.addEventListener('message', () => mark('welcome'), { once: true });
    }
  };

  // Absent on a page that may not use a camera.
  if (Reflect.has(navigator, 'mediaDevices')) {
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const media = await open(constraints);
      mark('camera');
      return media;
    };
  }

  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('iceconnectionstatechange', () => {
        if (this.iceConnectionState === 'connected') mark('ice');
      });
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') mark('dtls');
      });
      this.addEventListener('track', ({ track }) => {
        if (track.kind === 'video') track.addEventListener('unmute', () => mark('packet'));
      });
    }

    override async setLocalDescription(description?: RTCLocalSessionDescriptionInit) {
      await super.setLocalDescription(description);
      if (this.localDescription?.type === 'offer') mark('offer');
    }

    override async setRemoteDescription(description: RTCSessionDescriptionInit) {
      mark(description.type === 'offer' ? 'remote-offer' : 'remote-answer');
      await super.setRemoteDescription(description);
    }
  };
}
