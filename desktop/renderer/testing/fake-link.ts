import { createNanoEvents } from 'nanoevents';
import { vi } from 'vitest';
import type { SignalingFailure, SignalingStatus } from '../../../signal/client/connection-machine';
import type { ViewerMessage, Welcome } from '../../../signal/protocol/messages';
import { welcomeOf } from '../../../signal/testing/sample-messages';
import type { ServerLink } from '../server/control-room';
import { FakeStreamSource } from './fake-streams';

/** One server's link; what a test says of it is what the console hears. */
export class FakeLink implements ServerLink {
  readonly streams = new FakeStreamSource();
  readonly events = createNanoEvents<{
    statusChanged: (status: SignalingStatus) => void;
    welcomed: (welcome: Welcome) => void;
    message: (message: ViewerMessage) => void;
    keyRenewed: (key: string) => void;
    roundTripMeasured: (milliseconds: number) => void;
  }>();
  readonly connect = vi.fn(() => this.setStatus('connecting'));
  readonly close = vi.fn();
  readonly signaling: ServerLink['signaling'];
  readonly send = vi.fn<ServerLink['signaling']['send']>(() => true);

  constructor(
    readonly origin: string,
    readonly key: string | undefined,
  ) {
    this.signaling = {
      status: 'idle',
      failure: undefined,
      setback: undefined,
      credentials: { key },
      welcome: undefined,
      send: this.send,
      connect: this.connect,
      on: (event, listener) => this.events.on(event, listener),
    };
  }

  setStatus(
    status: SignalingStatus,
    trouble: { failure?: SignalingFailure; setback?: SignalingFailure } = {},
  ): void {
    const failure =
      status === 'failed'
        ? (trouble.failure ?? { code: 4002, sentence: 'Reload this page.' })
        : undefined;
    Object.assign(this.signaling, { status, failure, setback: trouble.setback });
    this.events.emit('statusChanged', status);
  }

  welcome(facts: Partial<Welcome> = {}): void {
    this.setStatus('connected');
    const joinAddresses: Welcome['joinAddresses'] = [
      { url: 'http://192.168.1.2:8443/stream', network: 'lan', cameraAllowed: false },
      { url: 'http://localhost:8443/stream', network: 'this-machine', cameraAllowed: true },
    ];
    const welcome = welcomeOf({ serverName: 'Studio', joinAddresses, ...facts });
    Object.assign(this.signaling, { welcome });
    this.events.emit('welcomed', welcome);
  }
}
