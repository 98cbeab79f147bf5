/**
 * A welcome must fit one frame like any message. With very many streams the rest follows at once
 * as the messages that would have announced it.
 */
import { MAX_FRAME_BYTES } from '../protocol/limits';
import type { ServerMessage, SessionInfo, StreamInfo, Welcome } from '../protocol/messages';

/**
 * Splits a welcome into frames. Streams that the client watches come first, so that whoever
 * resumes finds them in the welcome itself.
 * @param maxBytes - the largest frame
 */
export function welcomeFrames(
  welcome: Welcome,
  maxBytes: number = MAX_FRAME_BYTES,
): readonly ServerMessage[] {
  const watched = new Set(welcome.sessions.map((session) => session.streamId));
  const streams = [
    ...welcome.streams.filter((stream) => watched.has(stream.streamId)),
    ...welcome.streams.filter((stream) => !watched.has(stream.streamId)),
  ];
  let room = maxBytes - byteLength({ ...welcome, streams: [], sessions: [] });
  const fits = (item: StreamInfo | SessionInfo): boolean => {
    // One byte for the comma between items. Once one does not fit, none that follows does either.
    room -= byteLength(item) + 1;
    return room >= 0;
  };
  const sessionCount = countWhile(welcome.sessions, fits);
  const streamCount = countWhile(streams, fits);
  return [
    {
      ...welcome,
      streams: streams.slice(0, streamCount),
      sessions: welcome.sessions.slice(0, sessionCount),
    },
    ...streams.slice(streamCount).map((stream) => ({ type: 'stream-added', stream }) as const),
    ...welcome.sessions
      .slice(sessionCount)
      .map((session) => ({ type: 'session-opened', session }) as const),
  ];
}

function countWhile<T>(items: readonly T[], holds: (item: T) => boolean): number {
  const end = items.findIndex((item) => !holds(item));
  return end === -1 ? items.length : end;
}

function byteLength(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}
