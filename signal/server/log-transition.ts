import type { Logger } from 'pino';
import type { ServerMessage } from '../protocol/messages';

/**
 * Logs what begins and ends on the wall, as it is told to clients. Ids and reasons only: never
 * what a client said.
 */
export function logTransition(logger: Pick<Logger, 'info'>, message: ServerMessage): void {
  switch (message.type) {
    case 'stream-added':
      logger.info({ streamId: message.stream.streamId }, 'stream added');
      break;
    case 'stream-removed':
      logger.info({ streamId: message.streamId, reason: message.reason }, 'stream removed');
      break;
    case 'session-opened':
      if (message.session.role === 'subscriber') {
        const { sessionId, streamId } = message.session;
        logger.info({ sessionId, streamId }, 'session opened');
      }
      break;
    case 'session-closed':
      logger.info({ sessionId: message.sessionId, reason: message.reason }, 'session closed');
      break;
    default:
      break;
  }
}
