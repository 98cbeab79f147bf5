/**
 * An `RTCPeerConnection` without a network, for tests of what is decided around it. As in real
 * browsers, operations of a closed connection never settle, and `replaceTrack` is refused.
 */

import { FakeDataChannel } from './fake-data-channel';

/** A sender or receiver side of `FakePeerConnection`. */
export class FakeTransceiver {
  readonly #connection: FakePeerConnection;
  codecs: readonly { readonly mimeType: string }[] = [];
  /** Every `degradationPreference` that was set, in order. */
  readonly preferences: (RTCDegradationPreference | undefined)[] = [];
  /** The parameters in force. */
  parameters: RTCRtpSendParameters = {
    transactionId: '1',
    codecs: [],
    headerExtensions: [],
    rtcp: {},
    encodings: [{ active: true }],
  };
  track: unknown;

  constructor(connection: FakePeerConnection, track: unknown) {
    this.#connection = connection;
    this.track = track;
  }

  readonly sender = {
    replaceTrack: async (track: unknown): Promise<void> => {
      await Promise.resolve();
      if (this.#connection.isClosed) throw new DOMException('Closed', 'InvalidStateError');
      this.track = track;
    },
    getParameters: (): RTCRtpSendParameters => structuredClone(this.parameters),
    setParameters: (parameters: RTCRtpSendParameters): Promise<void> => {
      const { degradationPreference } = parameters;
      if (degradationPreference !== this.parameters.degradationPreference) {
        this.preferences.push(degradationPreference);
      }
      this.parameters = parameters;
      return Promise.resolve();
    },
  };

  setCodecPreferences(codecs: readonly { readonly mimeType: string }[]): void {
    this.codecs = codecs;
  }
}

interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

/** See the head of this file. */
export class FakePeerConnection extends EventTarget {
  connectionState: RTCPeerConnectionState = 'new';
  signalingState: RTCSignalingState = 'stable';
  localDescription: Description | null = null;
  remoteDescription: Description | null = null;
  readonly transceivers: FakeTransceiver[] = [];
  readonly channels: FakeDataChannel[] = [];
  readonly candidates: RTCIceCandidateInit[] = [];
  /** Options of every offer that was created. */
  readonly offers: RTCOfferOptions[] = [];
  /** The configuration in force at each gathering of candidates. */
  readonly gatheredWith: RTCConfiguration[] = [];
  #configuration: RTCConfiguration;
  bytesReceived = 0;
  #isStalled = false;

  constructor(configuration: RTCConfiguration = {}) {
    super();
    this.#configuration = configuration;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.#configuration = configuration;
  }

  get isClosed(): boolean {
    return this.signalingState === 'closed';
  }

  addTransceiver(track: unknown): FakeTransceiver {
    const transceiver = new FakeTransceiver(this, track);
    this.transceivers.push(transceiver);
    return transceiver;
  }

  createDataChannel(label: string, options: RTCDataChannelInit): FakeDataChannel {
    const channel = new FakeDataChannel(label, options);
    this.channels.push(channel);
    return channel;
  }

  async createOffer(options: RTCOfferOptions): Promise<Description> {
    this.offers.push(options);
    await this.#settleIfOpen();
    return { type: 'offer', sdp: `v=0\r\ns=offer ${String(this.offers.length)}\r\n` };
  }

  async setLocalDescription(description?: Description): Promise<void> {
    this.gatheredWith.push(this.#configuration);
    await this.#settleIfOpen();
    this.localDescription = description ?? { type: 'answer', sdp: 'v=0\r\ns=answer\r\n' };
    this.signalingState = this.localDescription.type === 'offer' ? 'have-local-offer' : 'stable';
  }

  async setRemoteDescription(description: Description): Promise<void> {
    await this.#settleIfOpen();
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
  }

  async addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    await this.#settleIfOpen();
    this.candidates.push(candidate);
  }

  getStats(): Promise<RTCStatsReport> {
    if (this.connectionState === 'connected') this.bytesReceived += 1_000;
    const transport = { id: 'T', type: 'transport', bytesReceived: this.bytesReceived };
    return Promise.resolve(new Map([['T', transport]]));
  }

  close(): void {
    this.connectionState = 'closed';
    this.signalingState = 'closed';
    for (const channel of this.channels) channel.close();
  }

  /** From here on every operation takes so long that its connection is closed before. */
  stall(): void {
    this.#isStalled = true;
  }

  /** Reaches a state, with the event that belongs to it. */
  reach(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  async #settleIfOpen(): Promise<void> {
    await Promise.resolve();
    if (this.isClosed || this.#isStalled) await new Promise(() => undefined);
  }
}

/** Connections of one test, and the class to put in place of `RTCPeerConnection`. */
export interface FakePeerConnections {
  readonly all: readonly FakePeerConnection[];
  readonly latest: FakePeerConnection;
  readonly open: readonly FakePeerConnection[];
  readonly globals: Readonly<Record<string, unknown>>;
}

/** Makes a fresh set; stub every entry of `globals`. */
export function createFakePeerConnections(): FakePeerConnections {
  const all: FakePeerConnection[] = [];
  return {
    all,
    get latest() {
      const connection = all.at(-1);
      if (connection === undefined) throw new Error('No connection was made');
      return connection;
    },
    get open() {
      return all.filter(({ isClosed }) => !isClosed);
    },
    globals: {
      RTCPeerConnection: class extends FakePeerConnection {
        constructor(configuration: RTCConfiguration) {
          super(configuration);
          all.push(this);
        }
      },
      RTCRtpSender: {
        getCapabilities: () => ({ codecs: [{ mimeType: 'video/VP9' }, { mimeType: 'video/VP8' }] }),
      },
      MediaStream: class extends EventTarget {},
    },
  };
}
