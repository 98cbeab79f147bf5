/** What the control room decides about this phone, as calls. */
import type { BroadcastSignaling } from './broadcast-parts';

/** What is done about each. */
export interface OrderHandlers {
  /** The lobby keeps the stream waiting, or lets it pass. */
  lobby: (isWaiting: boolean) => void;
  /** The lobby turned it away. */
  turnedAway: () => void;
  renamed: (label: string) => void;
  muted: () => void;
  /** The stream was taken off the wall; this phone stays in the room. */
  stopped: () => void;
}

/**
 * Listens for orders about a stream.
 * @param streamId asked each time, since it may be renewed.
 * @returns the way to stop.
 */
export function followOrders(
  signaling: Pick<BroadcastSignaling, 'on'>,
  streamId: () => string,
  handlers: OrderHandlers,
): () => void {
  return signaling.on('message', (message) => {
    switch (message.type) {
      case 'admission':
        if (message.state === 'refused') handlers.turnedAway();
        else handlers.lobby(message.state === 'waiting');
        break;
      case 'moderated':
        if (message.action.kind === 'renamed') handlers.renamed(message.action.label);
        else handlers.muted();
        break;
      case 'stream-removed':
        if (message.streamId === streamId() && message.reason === 'stopped-by-operator') {
          handlers.stopped();
        }
        break;
      default:
        // The publisher's business.
        break;
    }
  });
}
