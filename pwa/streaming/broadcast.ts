/**
 * One phone's broadcast, from the page's load to its end: the connection, the camera, the stream
 * and all that may go wrong with them, as one state. Both phone pages show that state and call
 * these methods; neither decides anything by itself.
 */
import { createNanoEvents } from 'nanoevents';
import type { CaptureFacts, ErrorMessage, Welcome } from '../../signal/protocol/messages';
import type { OpenFailure, SwitchOutcome } from '../capture/camera';
import type { CameraChoice } from '../capture/constraints';
import { defaultLabel } from '../capture/device';
import type { LiveMemory } from './broadcast-memory';
import type { BroadcastParts } from './broadcast-parts';
import {
  phaseOf,
  problemOfClose,
  problemOfSetback,
  type BroadcastState,
  type NoticeCode,
  type Problem,
} from './broadcast-state';
import { cleanLabel } from './clean-label';
import { followOrders } from './control-room-orders';
import { OnAir } from './on-air';

/** Time after which a phone that was turned away may ask again, in milliseconds; the server's too. */
const ASK_AGAIN_AFTER_MS = 10_000;

/** See the head of this file. */
export class Broadcast {
  readonly #parts: BroadcastParts;
  readonly #events = createNanoEvents<{ changed: (state: BroadcastState) => void }>();
  readonly #unsubscribe: readonly (() => void)[];
  #label: string;
  #isWanted = false;
  /** Start was tapped, and the camera has not answered yet. */
  #isOpening = false;
  #isSwitching = false;
  #problem: Problem | undefined;
  #notice: NoticeCode | undefined;
  #onAir: OnAir | undefined;
  #hadAudio = false;
  /** Set while the lobby keeps us: ends the stills. */
  #stopStills: (() => void) | undefined;
  #askAgainTimer: ReturnType<typeof setTimeout> | undefined;
  /** Why the camera could last not be had again. */
  #lostBecause: OpenFailure = 'unknown';
  /** Raised by every start and stop: what was awaited for the one before is then unwanted. */
  #turn = 0;
  #isClosed = false;
  #state: BroadcastState;

  constructor(parts: BroadcastParts) {
    this.#parts = parts;
    this.#label = parts.memory.label ?? defaultLabel(parts.device);
    this.#problem = this.#lastingProblem();
    this.#unsubscribe = [
      parts.signaling.on('statusChanged', () => this.#onSignaling()),
      parts.signaling.on('welcomed', (welcome) => this.#onWelcomed(welcome)),
      parts.signaling.on('keyRenewed', (key) => {
        parts.access.key = key;
        this.#changed();
      }),
      followOrders(parts.signaling, () => parts.memory.streamId, {
        lobby: (isWaiting) => this.#onLobby(isWaiting),
        turnedAway: () => this.#onTurnedAway(),
        renamed: (label) => this.#onRenamed(label),
        muted: () => this.obeyMute(),
        stopped: () => this.#onStopped(),
      }),
      ...(parts.camera === undefined ? [] : [parts.camera.on('changed', () => this.#onDevices())]),
    ];
    this.#state = this.#snapshot();
  }

  get state(): BroadcastState {
    return this.#state;
  }

  /** Of the link by which this phone comes in. */
  get key(): string | undefined {
    return this.#parts.access.key;
  }

  /** Listens; returns the way to stop. */
  on(event: 'changed', listener: (state: BroadcastState) => void): () => void {
    return this.#events.on(event, listener);
  }

  /** Connects, and goes live again where a reload interrupted a live stream. Called once, at load. */
  open(): void {
    if (this.#problem !== undefined) return;
    this.#parts.signaling.connect();
    const live = this.#parts.memory.liveAt(this.#parts.now());
    if (live !== undefined) void this.#start(live);
  }

  /** Opens the camera and puts the stream on the wall. A problem that lasts stays. */
  async start(): Promise<void> {
    if (!this.#isWanted) await this.#start(undefined);
  }

  /** Takes the stream off the wall and gives the camera back. */
  stop(): void {
    this.#end(this.#lastingProblem());
    this.#forgetLive();
    this.#changed();
  }

  /** The way out of a problem: once more, on the same tile. */
  async retry(): Promise<void> {
    const { signaling } = this.#parts;
    if (signaling.failure !== undefined) this.#rejoin();
    else if (this.#problem === undefined && signaling.setback !== undefined) signaling.wake();
    else if (this.#onAir === undefined) await this.start();
    else if (this.#onAir.isPutOff) this.#onAir.publish();
    else this.#onAir.retryCamera();
  }

  /** Comes in by another link from now on, at once where the one before did not let us in. */
  useKey(key: string): void {
    const { access, signaling } = this.#parts;
    access.key = key;
    signaling.credentials = { ...signaling.credentials, key };
    if (this.#problem?.code === 'key-required' || this.#problem?.code === 'key-refused') {
      this.#rejoin();
    }
    this.#changed();
  }

  /** Fetches the camera again while a call or another app seems to hold it. */
  restartCamera(): void {
    this.#onAir?.retryCamera();
  }

  /**
   * Changes to another camera; nobody who watches reconnects.
   * @returns what became of it; undefined where there is nothing to switch, or was soon after.
   */
  async switchCamera(wanted?: CameraChoice): Promise<SwitchOutcome | undefined> {
    const onAir = this.#onAir;
    if (onAir === undefined || this.#isSwitching || !onAir.camera.canSwitch) return undefined;
    this.#isSwitching = true;
    this.#notice = undefined;
    this.#changed();
    try {
      const result = await onAir.camera.switchCamera(wanted);
      if (onAir !== this.#onAir) return undefined;
      if (result.outcome === 'lost') {
        this.#lostBecause = result.error;
        onAir.loseCamera();
      } else {
        if (result.outcome === 'kept') this.#notice = 'camera-kept';
        await onAir.sendTracks();
      }
      return onAir === this.#onAir ? result : undefined;
    } finally {
      if (onAir === this.#onAir) {
        this.#isSwitching = false;
        this.#changed();
      }
    }
  }

  /** Silences the microphone, or lets it be heard. */
  setMuted(isMuted: boolean): void {
    this.#parts.camera?.setMuted(isMuted);
    if (!isMuted && this.#notice === 'muted') this.#notice = undefined;
    this.#onAir?.tellFacts();
    this.#changed();
  }

  /** Silences the microphone as the control room asks, and says who did it. */
  obeyMute(): void {
    if (this.#onAir?.camera.audio === undefined) return;
    this.#notice = 'muted';
    this.setMuted(true);
  }

  /** Names the stream, here and on the wall; nothing readable means the default name. */
  setLabel(text: string): void {
    const label = cleanLabel(text);
    this.#parts.memory.label = label;
    this.#label = label ?? defaultLabel(this.#parts.device);
    this.#onAir?.rename(this.#label);
    this.#changed();
  }

  /** The person has read it. */
  dismissNotice(): void {
    this.#notice = undefined;
    this.#changed();
  }

  /** Makes the next load of this tab somebody new, for when another page goes on as this one. */
  forgetIdentity(): void {
    this.#parts.memory.forgetIdentity();
  }

  /** Ends everything this page opened. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#end(undefined);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#parts.camera?.close();
    this.#parts.signaling.close();
  }

  /**
   * Opens the camera. Where nobody has to allow it first, the stream goes on the air meanwhile: by
   * the time there are pictures, those who watch are connected.
   */
  async #start(resumed: LiveMemory | undefined): Promise<void> {
    const { camera, now } = this.#parts;
    if (camera === undefined || this.#lastingProblem() !== undefined) return;
    this.#end(undefined);
    const turn = this.#turn;
    this.#isWanted = this.#isOpening = true;
    if (resumed !== undefined) camera.setMuted(resumed.isMuted);
    const opening = camera.open(resumed?.facing);
    this.#changed();

    const goOnAir = async (): Promise<void> => {
      const preferredCodec = await this.#parts.preferredCodec;
      if (turn !== this.#turn || this.#onAir !== undefined) return;
      this.#onAir = new OnAir({
        parts: this.#parts,
        camera,
        preferredCodec,
        label: this.#label,
        sinceMs: resumed?.sinceMs ?? now(),
        changed: () => this.#onWall(),
        captureChanged: (state) => this.#onCapture(state),
        refused: (error) => this.#onRefused(error),
        reopen: () => this.#reopen(),
      });
    };
    void camera.isAllowed().then((isAllowed) => (isAllowed ? goOnAir() : undefined));

    const opened = await opening;
    if (turn !== this.#turn) return;
    if (!opened.ok) {
      this.#fail(problemOfOpening(opened.error));
      return;
    }
    try {
      await (this.#onAir?.sendTracks() ?? goOnAir());
    } finally {
      if (turn === this.#turn) {
        this.#isOpening = false;
        this.#heedSound();
        this.#changed();
      }
    }
  }

  /** A fresh camera for a stream that is on the air. Never rejects. */
  async #reopen(): Promise<boolean> {
    const onAir = this.#onAir;
    if (onAir === undefined) return false;
    this.#problem = undefined;
    this.#changed();
    const opened = await onAir.camera.open();
    if (onAir !== this.#onAir) return false;
    if (!opened.ok) {
      this.#lostBecause = opened.error;
      return false;
    }
    this.#heedSound();
    await onAir.sendTracks();
    this.#changed();
    return true;
  }

  /** Says so where a camera was opened without sound. */
  #heedSound(): void {
    this.#notice = this.#parts.camera?.soundProblem;
    this.#hadAudio = this.#parts.camera?.audio !== undefined;
  }

  /** Connects again after a final close, with the key of now: another tab may have got a new one. */
  #rejoin(): void {
    const { access, signaling } = this.#parts;
    this.#problem = undefined;
    signaling.credentials = { ...signaling.credentials, key: access.key };
    signaling.connect();
  }

  #onSignaling(): void {
    const { failure } = this.#parts.signaling;
    if (failure === undefined) {
      this.#changed();
      return;
    }
    const problem = problemOfClose(failure);
    // Whoever was sent away does not go live again by a mere reload.
    if (problem.code === 'removed' || problem.code === 'blocked') this.#forgetLive();
    this.#fail(problem);
  }

  #onWelcomed(welcome: Welcome): void {
    const { streamId } = this.#parts.memory;
    const isGone = !welcome.streams.some((stream) => stream.streamId === streamId);
    // We were kept and our stream was not: while we were away, an operator stopped it.
    if (welcome.resumed && isGone && this.#onAir?.wasOnWall === true) this.#onStopped();
    this.#changed();
  }

  #onWall(): void {
    if (this.#onAir?.isOnWall === true) this.#onLobby(false);
    this.#changed();
  }

  #onLobby(isWaiting: boolean): void {
    const wasWaiting = this.#stopStills !== undefined;
    if (this.#onAir === undefined || isWaiting === wasWaiting) return;
    this.#stopStills?.();
    this.#stopStills = isWaiting ? this.#parts.sendStills() : undefined;
    if (wasWaiting) this.#onAir.restartClock();
    this.#changed();
  }

  #onTurnedAway(): void {
    if (this.#onAir === undefined) return;
    this.#forgetLive();
    this.#fail({ code: 'turned-away', isEarly: true });
    this.#askAgainTimer = setTimeout(() => {
      this.#problem = { code: 'turned-away' };
      this.#changed();
    }, ASK_AGAIN_AFTER_MS);
  }

  #onRenamed(label: string): void {
    this.#parts.memory.label = label;
    this.#label = label;
    this.#notice = 'renamed';
    this.#changed();
  }

  #onStopped(): void {
    if (this.#onAir === undefined) return;
    this.#forgetLive();
    this.#end(undefined);
    this.#notice = 'stopped';
    this.#changed();
  }

  #onRefused(error: ErrorMessage): void {
    if (error.id === 'not-admitted') {
      this.#onTurnedAway();
      return;
    }
    if (error.id === 'too-many-streams') {
      this.#changed();
      return;
    }
    if (error.id === 'stream-id-taken') this.#parts.memory.renewStreamId();
    this.#forgetLive();
    this.#fail({ code: 'stream-refused', sentence: error.message });
  }

  #onCapture(state: CaptureFacts['state']): void {
    // The stream stays on the wall without a picture, so that its tile can say so.
    this.#problem = state === 'ended' ? problemOfOpening(this.#lostBecause) : undefined;
    this.#onAir?.tellFacts();
    this.#changed();
  }

  #onDevices(): void {
    const hasAudio = this.#parts.camera?.audio !== undefined;
    if (this.#onAir !== undefined && this.#hadAudio && !hasAudio) this.#notice = 'microphone-lost';
    // Which other cameras there are is nothing that the wall shows.
    if (this.#hadAudio !== hasAudio) this.#onAir?.tellFacts();
    this.#hadAudio = hasAudio;
    this.#changed();
  }

  /** What a start cannot change. */
  #lastingProblem(): Problem | undefined {
    const { obstacle, signaling } = this.#parts;
    if (obstacle !== undefined) return { code: obstacle };
    return signaling.failure === undefined ? undefined : problemOfClose(signaling.failure);
  }

  /** A reload then waits for a tap. */
  #forgetLive(): void {
    this.#parts.memory.rememberLive(undefined);
  }

  #fail(problem: Problem): void {
    this.#end(problem);
    this.#changed();
  }

  #end(problem: Problem | undefined): void {
    const onAir = this.#onAir;
    this.#turn += 1;
    this.#onAir = undefined;
    this.#isWanted = this.#isOpening = false;
    this.#isSwitching = false;
    this.#problem = problem;
    this.#notice = undefined;
    clearTimeout(this.#askAgainTimer);
    this.#stopStills?.();
    this.#stopStills = undefined;
    this.#parts.camera?.release();
    onAir?.close();
  }

  #changed(): void {
    if (this.#isClosed) return;
    this.#state = this.#snapshot();
    this.#events.emit('changed', this.#state);
  }

  #snapshot(): BroadcastState {
    const { signaling, camera } = this.#parts;
    const onAir = this.#onAir;
    // Without a picture it is not live, whoever is connected already.
    const shown = this.#isOpening ? undefined : onAir;
    // What was on the wall goes on for those who watch, whatever the server says meanwhile.
    const setback =
      onAir?.isPutOff === true
        ? ({ code: 'server-busy' } as const)
        : problemOfSetback(signaling.setback);
    const problem = this.#problem ?? (onAir?.wasOnWall === true ? undefined : setback);
    return {
      phase: phaseOf({
        hasProblem: problem !== undefined,
        isWanted: this.#isWanted,
        isOnWall: shown?.isOnWall ?? false,
        wasOnWall: shown?.wasOnWall ?? false,
        isConnected: signaling.status === 'connected',
      }),
      problem,
      notice: this.#notice,
      signaling: signaling.status,
      isWaiting: this.#stopStills !== undefined,
      serverName: signaling.welcome?.serverName,
      label: this.#label,
      video: camera?.video,
      isMirrored: camera?.facing === 'user',
      hasAudio: camera?.audio !== undefined,
      isMuted: camera?.isMuted ?? false,
      canSwitchCamera: camera?.canSwitch ?? false,
      isSwitching: this.#isSwitching,
      capture: onAir?.captureState ?? 'active',
      viewerCount: onAir?.viewerCount ?? 0,
      liveSinceMs: shown?.sinceMs,
    };
  }
}

/** `closed` cannot be met here: whoever released the camera has also moved on. */
function problemOfOpening(failure: OpenFailure): Problem {
  return { code: failure === 'closed' ? 'unknown' : failure };
}
