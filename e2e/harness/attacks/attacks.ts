/** Every attack by its name. */
import {
  floodConnections,
  floodHeaders,
  floodRequests,
  silentSockets,
  slowHandshakes,
  slowHeaders,
} from './connection-attacks';
import {
  floodBytes,
  floodMessages,
  floodNonsense,
  floodPings,
  giantMessages,
  malformedFrames,
  zipBombs,
} from './frame-attacks';
import { flicker, floodCandidates, flutter, slowReader } from './guest-attacks';
import {
  foreignOrigin,
  foreignSignals,
  guessKeys,
  hijackIds,
  replayTokens,
  usurpCommand,
} from './identity-attacks';
import type { Attack } from './target';

/** In the order in which they are tried. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  'hijacked ids': hijackIds,
  'replayed tokens': replayTokens,
  'signals into a foreign session': foreignSignals,
  'commands without the role': usurpCommand,
  'foreign origin': foreignOrigin,
  'guessed keys': guessKeys,
  'malformed frames': malformedFrames,
  'zip bombs': zipBombs,
  'giant messages': giantMessages,
  'message flood': floodMessages,
  'ping flood': floodPings,
  'byte flood': floodBytes,
  'nonsense flood': floodNonsense,
  'candidate flood': floodCandidates,
  'viewer that comes and goes': flutter,
  'phone that comes and goes': flicker,
  'slow reader': slowReader,
  'slow headers': slowHeaders,
  'slow handshakes': slowHandshakes,
  'silent sockets': silentSockets,
  'connection flood': floodConnections,
  'header flood': floodHeaders,
  'request flood': floodRequests,
};

/** Those that count on numbers, and are tried from the server's own machine too. */
export const FLOODS: readonly string[] = [
  'guessed keys',
  'message flood',
  'byte flood',
  'slow headers',
  'silent sockets',
  'connection flood',
  'request flood',
];
