/**
 * Control of one stream at the console's end. It outlives the connections of its session: wishes are
 * told again to each new one, and as soon as the phone says that it listens.
 *
 * - `setViewport` tells what the tile shows, at most every 100 ms; the phone fits what it sends.
 * - `setQuality` overrides that; see `qualitySchema`.
 * - `command` asks for something and always resolves: done, or why not.
 * - `pingClock` leads to `clockPong`, for whoever estimates the phone's clock.
 *
 * `state` is `ready` while the phone listens; an older phone never does, and stays `absent`.
 */
import { createNanoEvents } from 'nanoevents';
import type {
  CameraCommand,
  Quality,
  ViewerControl as ViewerMessage,
  Viewport,
} from '../../protocol/control';
import type {
  AppliedQuality,
  CameraFacts,
  ClockPong,
  CommandRefusal,
  CommandResult,
  PhoneControl,
  Telemetry,
} from '../../protocol/control-reports';
import { decodePhoneControl } from '../../protocol/control-reports-codec';
import { COMMAND_TIMEOUT_MS } from '../../protocol/control-limits';
import { randomId } from '../../protocol/random-id';
import { fail, ok, type Result } from '../../protocol/result';
import { ControlChannel, type DataChannelPort } from './control-channel';
import { monotonicNow } from './monotonic-clock';

/** Least time between two viewports told, in milliseconds: tiles change in steps while one drags. */
const VIEWPORT_INTERVAL_MS = 100;

/** Whether the phone can be controlled now. */
export type ControlState = 'absent' | 'ready';

/** `no-answer`: the phone said nothing in time. `not-connected`: there is no way to ask it. */
export interface CommandProblem {
  readonly reason: CommandRefusal | 'no-answer' | 'not-connected';
  /** The phone's own words, where it has any. */
  readonly sentence?: string;
}

export type CommandOutcome = Result<void, CommandProblem>;

/** One measurement of the phone's clock, all in milliseconds since about the epoch. */
export interface ClockReading extends Omit<ClockPong, 'type'> {
  /** When the answer arrived, by the clock that `sentAt` is of. */
  readonly arrivedAt: number;
}

interface ViewerControlEvents {
  controlStateChanged: (state: ControlState) => void;
  telemetry: (telemetry: Telemetry) => void;
  /** What there is to control, or whether the phone's user allows it. */
  cameraChanged: (camera: CameraFacts) => void;
  /** What the phone asked its encoder for, and what became of it. */
  qualityApplied: (applied: AppliedQuality) => void;
  clockPong: (reading: ClockReading) => void;
}

interface Pending {
  readonly settle: (outcome: CommandOutcome) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** See the head of this file. */
export class ViewerControl {
  readonly #events = createNanoEvents<ViewerControlEvents>();
  readonly #pending = new Map<string, Pending>();
  #channel: ControlChannel<PhoneControl, ViewerMessage> | undefined;
  #state: ControlState = 'absent';
  #camera: CameraFacts | undefined;
  #telemetry: Telemetry | undefined;
  #applied: AppliedQuality | undefined;
  #viewport: Viewport | undefined;
  #toldViewport: Viewport | undefined;
  #quality: Quality | undefined;
  #viewportTimer: ReturnType<typeof setTimeout> | undefined;
  #droppedBefore = 0;
  #isClosed = false;

  get state(): ControlState {
    return this.#state;
  }

  /** What there is to control; undefined until the phone has told, and while it is absent. */
  get camera(): CameraFacts | undefined {
    return this.#camera;
  }

  /** The newest; undefined until the phone has told, and while it is absent. */
  get telemetry(): Telemetry | undefined {
    return this.#telemetry;
  }

  /** The newest on this connection; undefined while everything is as it began. */
  get applied(): AppliedQuality | undefined {
    return this.#applied;
  }

  /** Messages of the phone that were not valid, too long or too many. */
  get dropped(): number {
    return this.#droppedBefore + (this.#channel?.dropped ?? 0);
  }

  /** Listens; returns the way to stop. */
  on<E extends keyof ViewerControlEvents>(event: E, listener: ViewerControlEvents[E]): () => void {
    return this.#events.on(event, listener);
  }

  /** Goes on over the channel of a new connection. */
  attach(channel: DataChannelPort): void {
    this.#detach();
    if (this.#isClosed) return;
    this.#channel = new ControlChannel({
      channel,
      decode: decodePhoneControl,
      // The phone speaks first: before that nobody may be listening yet.
      opened: () => undefined,
      received: (message) => this.#onMessage(message),
      closed: () => this.#detach(),
    });
  }

  /** Tells what can be shown; undefined takes it back only for connections to come. */
  setViewport(viewport: Viewport | undefined): void {
    if (this.#isClosed) return;
    this.#viewport = viewport;
    this.#viewportTimer ??= setTimeout(() => {
      this.#viewportTimer = undefined;
      this.#tellViewport();
    }, VIEWPORT_INTERVAL_MS);
  }

  /** Tells what is wanted. */
  setQuality(quality: Quality | undefined): void {
    this.#quality = quality;
    // `auto` says the same as never having wished.
    const wish = { kind: 'preset', preset: 'auto' } as const;
    this.#send({ type: 'quality', quality: quality ?? { wish, isPinned: false } });
  }

  /** Asks the phone for something. Resolves within 2 s, whatever happens. */
  command(command: CameraCommand): Promise<CommandOutcome> {
    const requestId = randomId();
    if (!this.#send({ type: 'command', requestId, command })) {
      return Promise.resolve(fail({ reason: 'not-connected' }));
    }
    return new Promise((settle) => {
      const timer = setTimeout(
        () => this.#settle(requestId, fail({ reason: 'no-answer' })),
        COMMAND_TIMEOUT_MS,
      );
      this.#pending.set(requestId, { settle, timer });
    });
  }

  /** Asks for the phone's clock. @returns false where there is nobody to ask. */
  pingClock(): boolean {
    return this.#send({ type: 'clock-ping', sentAt: monotonicNow() });
  }

  /** Ends control; commands that wait are settled. Idempotent. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#viewportTimer);
    this.#detach();
  }

  #onMessage(message: PhoneControl): void {
    switch (message.type) {
      case 'camera':
        this.#onCamera(message);
        break;
      case 'telemetry':
        this.#telemetry = message;
        this.#events.emit('telemetry', message);
        break;
      case 'applied':
        this.#applied = message;
        this.#events.emit('qualityApplied', message);
        break;
      case 'command-result':
        this.#settle(message.requestId, outcomeOf(message));
        break;
      case 'clock-pong':
        this.#events.emit('clockPong', { ...message, arrivedAt: monotonicNow() });
        break;
    }
  }

  #onCamera(camera: CameraFacts): void {
    this.#camera = camera;
    if (this.#state === 'absent') {
      this.#setState('ready');
      if (this.#quality !== undefined) this.setQuality(this.#quality);
      this.#tellViewport();
    }
    this.#events.emit('cameraChanged', camera);
  }

  #tellViewport(): void {
    const viewport = this.#viewport;
    if (viewport === undefined || isSame(viewport, this.#toldViewport)) return;
    if (this.#send({ type: 'viewport', viewport })) this.#toldViewport = viewport;
  }

  #send(message: ViewerMessage): boolean {
    return this.#state === 'ready' && this.#channel?.send(message) === true;
  }

  #settle(requestId: string, outcome: CommandOutcome): void {
    const pending = this.#pending.get(requestId);
    if (pending === undefined) return;
    this.#pending.delete(requestId);
    clearTimeout(pending.timer);
    pending.settle(outcome);
  }

  /** The connection is gone: what is known of it is no longer true. */
  #detach(): void {
    const channel = this.#channel;
    this.#channel = undefined;
    this.#droppedBefore += channel?.dropped ?? 0;
    channel?.close();
    this.#toldViewport = this.#camera = this.#telemetry = this.#applied = undefined;
    for (const requestId of [...this.#pending.keys()]) {
      this.#settle(requestId, fail({ reason: 'not-connected' }));
    }
    this.#setState('absent');
  }

  #setState(state: ControlState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#events.emit('controlStateChanged', state);
  }
}

function outcomeOf({ reason, sentence }: CommandResult): CommandOutcome {
  if (reason === undefined) return ok(undefined);
  return fail({ reason, ...(sentence === undefined ? {} : { sentence }) });
}

function isSame(one: Viewport, other: Viewport | undefined): boolean {
  return (
    one.width === other?.width &&
    one.height === other.height &&
    one.isVisible === other.isVisible &&
    one.maxFramerate === other.maxFramerate
  );
}
