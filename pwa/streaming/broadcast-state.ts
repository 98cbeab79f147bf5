/** What the pages show of a broadcast: plain data, replaced as a whole at every change. */
import type { SignalingFailure, SignalingStatus } from '../../signal/client/connection-machine';
import { CLOSE } from '../../signal/protocol/close-codes';
import type { CaptureFacts } from '../../signal/protocol/messages';
import type { SoundProblem } from '../capture/camera';
import type { CaptureErrorCode } from '../capture/capture-error';

/**
 * `connecting`: from the tap on Start until the server confirms the stream. `live`: on the wall,
 * and the server connected. `reconnecting`: was live, and signaling is down; pictures go on to
 * those who watch. `failed`: a person has to act.
 */
export type BroadcastPhase = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'failed';

/** What only a person can change; each has its sentence and way out in `wording.ts`. */
export type ProblemCode =
  | CaptureErrorCode
  | 'no-webrtc'
  /** The server closed for good, such as for another protocol version. */
  | 'server-closed'
  /** Another page goes on as this one. */
  | 'continued-elsewhere'
  /** The server would not put the stream on the wall. */
  | 'stream-refused'
  /** The room asks for a link with a key, and this page has none. */
  | 'key-required'
  /** The key of our link does not open the room (any more). */
  | 'key-refused'
  | 'blocked'
  | 'removed'
  /** The lobby did not let us in; we may ask again. */
  | 'turned-away'
  /** Nobody new is let in for now; we try on. */
  | 'room-locked'
  /** The server has no place for us now; we try on. */
  | 'server-busy';

export interface Problem {
  readonly code: ProblemCode;
  /** What the server says of it, where the server is its cause. */
  readonly sentence?: string;
  /** WebSocket close code, where a close was its cause. */
  readonly closeCode?: number;
  /** It is too early for the way out. */
  readonly isEarly?: boolean;
}

/** What a person should know though the broadcast goes on. */
export type NoticeCode =
  | SoundProblem
  | 'microphone-lost'
  | 'camera-kept'
  /** An operator did it. */
  | 'renamed'
  | 'muted'
  | 'stopped';

export interface BroadcastState {
  readonly phase: BroadcastPhase;
  /** Why the phase is `failed`. */
  readonly problem: Problem | undefined;
  readonly notice: NoticeCode | undefined;
  /** The connection to the server, whatever is sent over it. */
  readonly signaling: SignalingStatus;
  /** The lobby keeps the stream until an operator lets it in; the phase is `connecting`. */
  readonly isWaiting: boolean;
  /** The server's name, while connected. */
  readonly serverName: string | undefined;
  readonly label: string;
  /** The camera's track, to show; another object whenever the camera changed. */
  readonly video: MediaStreamTrack | undefined;
  /** True for a camera that looks at the person: people expect a mirror there. */
  readonly isMirrored: boolean;
  readonly hasAudio: boolean;
  readonly isMuted: boolean;
  readonly canSwitchCamera: boolean;
  readonly isSwitching: boolean;
  readonly capture: CaptureFacts['state'];
  readonly viewerCount: number;
  /** `Date.now()` of going live; undefined while nothing is sent. */
  readonly liveSinceMs: number | undefined;
}

/** What decides the phase. */
export interface PhaseFacts {
  readonly hasProblem: boolean;
  /** Start was tapped, and Stop was not. */
  readonly isWanted: boolean;
  readonly isOnWall: boolean;
  readonly wasOnWall: boolean;
  readonly isConnected: boolean;
}

/** The one word for it. */
export function phaseOf(facts: PhaseFacts): BroadcastPhase {
  if (facts.hasProblem) return 'failed';
  if (!facts.isWanted) return 'idle';
  if (facts.isOnWall && facts.isConnected) return 'live';
  return facts.wasOnWall ? 'reconnecting' : 'connecting';
}

/** Closes with words of their own; others say what the server said. */
const closes = new Map<number, ProblemCode>([
  [CLOSE.superseded.code, 'continued-elsewhere'],
  [CLOSE.idInUse.code, 'continued-elsewhere'],
  [CLOSE.keyRequired.code, 'key-required'],
  [CLOSE.keyRefused.code, 'key-refused'],
  [CLOSE.blocked.code, 'blocked'],
  [CLOSE.removed.code, 'removed'],
  [CLOSE.roomLocked.code, 'room-locked'],
  [CLOSE.serverFull.code, 'server-busy'],
  [CLOSE.tooManyConnections.code, 'server-busy'],
]);

/** What a final close of the connection means to a person. */
export function problemOfClose({ code, sentence }: SignalingFailure): Problem {
  return { code: closes.get(code) ?? 'server-closed', sentence, closeCode: code };
}

/** What a close means that the connection tries to get over; undefined where it soon will. */
export function problemOfSetback(setback: SignalingFailure | undefined): Problem | undefined {
  return setback !== undefined && closes.has(setback.code) ? problemOfClose(setback) : undefined;
}
