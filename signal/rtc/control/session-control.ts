/**
 * Control of one connection at the phone's end: fits what is sent to what the viewer shows, has
 * operators' commands carried out, and tells what is really sent. Whatever comes in concerns this
 * viewer's pictures alone, but for the commands of operators.
 */
import type { Quality, ViewerControl, Viewport } from '../../protocol/control';
import type {
  CameraFacts,
  Encoding,
  PhoneControl,
  PhoneFacts,
} from '../../protocol/control-reports';
import { decodeViewerControl } from '../../protocol/control-codec';
import { sampleSender, type SenderMemory } from '../stats/sender-sample';
import { chooseEncoding, type CaptureShape, type EncodingChoice } from './choose-encoding';
import { ControlChannel } from './control-channel';
import type { ControlPort } from './control-port';
import type { ControlAttachment, ControlledLink } from './controlled-link';
import { EncodingApplier } from './encoding-applier';
import { EncodingFollower } from './encoding-follower';
import { monotonicNow } from './monotonic-clock';
import { OpenCommands } from './open-commands';
import { SenderParameters } from './sender-parameters';
import { sendingOf } from './sending';
import { SizeHold } from './size-hold';
import { REGAIN_HOLD_MS, SizeRegain } from './size-regain';

/** Taken for what a camera gives while nothing is known of it. */
const USUAL_CAPTURE: CaptureShape = { width: 1280, height: 720 };

/** See the head of this file. */
export class SessionControl implements ControlAttachment {
  readonly #link: ControlledLink;
  readonly #port: ControlPort;
  readonly #onClosed: (control: SessionControl) => void;
  readonly #channel: ControlChannel<ViewerControl, PhoneControl>;
  readonly #commands: OpenCommands;
  readonly #applier: EncodingApplier;
  readonly #follower: EncodingFollower;
  readonly #hold: SizeHold;
  readonly #regain = new SizeRegain();
  #viewport: Viewport | undefined;
  #quality: Quality | undefined;
  /** As the last report had it; undefined while the track's settings are newer. */
  #captured: CaptureShape | undefined;
  #memory: SenderMemory | undefined;
  #isReading = false;
  #toldCamera = '';
  #isClosed = false;

  /** @param onClosed called when control has ended, for whatever reason. */
  constructor(
    link: ControlledLink,
    port: ControlPort,
    onClosed: (control: SessionControl) => void,
  ) {
    this.#link = link;
    this.#port = port;
    this.#onClosed = onClosed;
    link.stopHolding();
    const parameters = new SenderParameters(link.video.sender);
    this.#applier = new EncodingApplier(parameters);
    this.#hold = new SizeHold({
      connection: link.connection,
      parameters,
      preference: link.settings.degradationPreference,
      onError: (error) => this.#onRefused(error),
    });
    this.#follower = new EncodingFollower(this.#choose().encoding, (wanted, isLarger) => {
      if (isLarger) this.#hold.hold();
      void this.#apply(wanted);
    });
    this.#commands = new OpenCommands(port, (result) => {
      // Who is told that it is done knows by then how things stand.
      this.tellCamera();
      this.#channel.send(result);
    });
    this.#channel = new ControlChannel({
      channel: link.channel,
      decode: decodeViewerControl,
      opened: () => this.tellCamera(),
      received: (message) => this.#onMessage(message),
      closed: () => this.close(),
    });
  }

  trackReplaced(): void {
    this.#captured = undefined;
    // The first pictures of another camera are judged like those of a new connection.
    this.#hold.hold();
    this.#follow();
  }

  /** Tells what there is to control, unless that is known already. */
  tellCamera(): void {
    if (!this.#channel.isOpen) return;
    const isOperator = this.#link.peerRole() === 'operator';
    const facts: CameraFacts = isOperator
      ? { ...this.#port.cameraFacts(), isControlAllowed: this.#port.isControlAllowed }
      : { cameras: [], isControlAllowed: false };
    const text = JSON.stringify(facts);
    if (text === this.#toldCamera) return;
    if (this.#channel.send({ type: 'camera', ...facts })) this.#toldCamera = text;
  }

  /** Tells what is sent, and heeds what the camera gives by now. */
  async tellTelemetry(phone: PhoneFacts): Promise<void> {
    // In Firefox a report of a connection that closes meanwhile never comes.
    if (!this.#channel.isOpen || this.#isReading) return;
    this.#isReading = true;
    try {
      const report = await this.#link.connection.getStats();
      if (this.#isClosed) return;
      this.#memory = sampleSender(report, this.#memory);
    } catch (error) {
      if (!this.#isClosed) this.#link.onTrouble({ during: 'statistics', error });
      return;
    } finally {
      this.#isReading = false;
    }
    const { sample } = this.#memory;
    this.#channel.send({ type: 'telemetry', sending: sendingOf(sample), phone });
    if (this.#regain.look(sample, this.#follower.applied, performance.now())) {
      this.#hold.hold(REGAIN_HOLD_MS);
    }
    const { captureWidth: width, captureHeight: height } = sample;
    if (width === undefined || height === undefined) return;
    this.#captured = { width, height, framesPerSecond: this.#settings()?.framesPerSecond };
    this.#follow();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#follower.close();
    this.#hold.close();
    this.#commands.close();
    this.#channel.close();
    this.#onClosed(this);
  }

  #onMessage(message: ViewerControl): void {
    switch (message.type) {
      case 'viewport':
        this.#viewport = message.viewport;
        this.#follow();
        break;
      case 'quality':
        this.#quality = message.quality;
        this.#follow();
        break;
      case 'command':
        this.#commands.take(message, this.#link.peerRole());
        break;
      case 'clock-ping': {
        const receivedAt = monotonicNow();
        const { sentAt } = message;
        this.#channel.send({ type: 'clock-pong', sentAt, receivedAt, repliedAt: monotonicNow() });
        break;
      }
    }
  }

  #follow(): void {
    // Until the viewer has told anything, the connection stays as it began.
    if (this.#isClosed || (this.#viewport === undefined && this.#quality === undefined)) return;
    const { encoding, preference } = this.#choose();
    this.#hold.prefer(preference);
    this.#follower.follow(encoding);
  }

  #choose(): EncodingChoice {
    const { maxBitrateBps, maxFramerate, degradationPreference } = this.#link.settings;
    return chooseEncoding(
      this.#captured ?? this.#settings() ?? USUAL_CAPTURE,
      { viewport: this.#viewport, quality: this.#quality },
      { maxBitrateBps, maxFramerate, preference: degradationPreference },
    );
  }

  /** What the track says of itself; some browsers leave it out, or forget that the phone turned. */
  #settings(): CaptureShape | undefined {
    const { width, height, frameRate } = this.#link.tracks.video?.getSettings() ?? {};
    if (width === undefined || height === undefined) return undefined;
    return { width, height, framesPerSecond: frameRate };
  }

  async #apply(wanted: Encoding): Promise<void> {
    try {
      const applied = await this.#applier.apply(wanted);
      if (!this.#isClosed) this.#channel.send(applied);
    } catch (error) {
      this.#onRefused(error);
    }
  }

  #onRefused(error: unknown): void {
    // A connection that was closed meanwhile refuses; its successor begins anew.
    if (!this.#isClosed) this.#link.onTrouble({ during: 'parameters', error });
  }
}
