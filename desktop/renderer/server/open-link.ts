import { freshIdentity } from '../../../signal/client/identity';
import { SignalingClient } from '../../../signal/client/signaling-client';
import { bindWakeEvents } from '../../../signal/client/wake-events';
import { closeSentence } from '../../../signal/protocol/close-sentences';
import { decodeViewerMessage } from '../../../signal/protocol/codec';
import type { ViewerMessage } from '../../../signal/protocol/messages';
import { Subscriptions } from '../../../signal/rtc/subscriptions';
import type { ServerLink } from './control-room';
import { consoleDeviceKey } from './device-key';
import { describeDevice } from './describe-device';

/** Signaling that has not connected yet, of a client of its own. */
export function openSignaling(
  origin: string,
  key: string | undefined,
): SignalingClient<ViewerMessage> {
  return new SignalingClient({
    origin,
    identity: freshIdentity(),
    clientType: 'viewer',
    decode: decodeViewerMessage,
    sentenceOf: closeSentence,
    credentials: {
      key,
      deviceKey: consoleDeviceKey(window),
      device: describeDevice(navigator.userAgent),
    },
  });
}

/** A link whose phones can be spoken to as well. */
export interface StreamsLink extends ServerLink {
  readonly streams: Subscriptions;
}

/** A link over a real socket and real peer connections. */
export function openLink(origin: string, key: string | undefined): StreamsLink {
  const signaling = openSignaling(origin, key);
  const streams = new Subscriptions({ signaling });
  const unbind = bindWakeEvents(signaling);
  streams.on('trouble', ({ during, error }) => {
    // eslint-disable-next-line no-console -- repaired by itself; the developer tools show what happened
    console.warn(`Trouble during ${during}`, error);
  });
  return {
    signaling,
    streams,
    close() {
      unbind();
      // The goodbye first: it ends every session in one message, and a page that is being closed
      // may not live to send another.
      signaling.close();
      streams.close();
    },
  };
}
