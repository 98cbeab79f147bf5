/** What the pages show of a broadcast: plain data, replaced as a whole at every change. */
import type { SignalingStatus } from '../../signal/client/connection-machine';
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
  | 'stream-refused';

export interface Problem {
  readonly code: ProblemCode;
  /** What the server says of it, where the server is its cause. */
  readonly sentence?: string;
}

/** What a person should know though the broadcast goes on. */
export type NoticeCode = SoundProblem | 'microphone-lost' | 'camera-kept';

export interface BroadcastState {
  readonly phase: BroadcastPhase;
  /** Why the phase is `failed`. */
  readonly problem: Problem | undefined;
  readonly notice: NoticeCode | undefined;
  /** The connection to the server, whatever is sent over it. */
  readonly signaling: SignalingStatus;
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

/** What a final close of the connection means to a person. */
export function problemOfClose(failure: { code: number; sentence: string }): Problem {
  const isElsewhere = failure.code === CLOSE.superseded.code || failure.code === CLOSE.idInUse.code;
  return {
    code: isElsewhere ? 'continued-elsewhere' : 'server-closed',
    sentence: failure.sentence,
  };
}
