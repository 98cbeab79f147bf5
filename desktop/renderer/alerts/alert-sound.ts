/**
 * Two soft tones that tell of an alert. The audio context is made for the first of them, and what
 * comes shortly after another one is left out: ten alerts at once are one sound.
 */

/** Least time between two sounds, in milliseconds. */
const MIN_INTERVAL_MS = 5_000;

/** A fifth apart, in Hz: heard through talk, and not mistaken for a phone. */
const TONES = [587, 880] as const;

/** From one tone to the next, and how long each rings, in seconds. */
const STEP_SECONDS = 0.16;
const RING_SECONDS = 0.4;

/** Linear; soft beside program sound. */
const VOLUME = 0.12;

/** See the head of this file. */
export class AlertSound {
  readonly #createContext: () => AudioContext;
  readonly #now: () => number;
  #context: AudioContext | undefined;
  #playedAt = -Infinity;
  /** A sound was asked for while the page may make none; it comes once it may. */
  #isWaiting = false;
  #isClosed = false;

  constructor(
    createContext: () => AudioContext = () => new AudioContext(),
    now: () => number = () => performance.now(),
  ) {
    this.#createContext = createContext;
    this.#now = now;
  }

  /** Plays, unless it has just played, or one waits to. @returns whether it does. */
  play(): boolean {
    const now = this.#now();
    if (this.#isClosed || now - this.#playedAt < MIN_INTERVAL_MS) return false;
    this.#context ??= this.#createContext();
    const context = this.#context;
    // Until the page was clicked browsers refuse; the alert is in the list all the same.
    void context.resume().catch(() => undefined);
    // Time stands still for it: all that came meanwhile would ring at once.
    const isSuspended = context.state !== 'running';
    if (isSuspended && this.#isWaiting) return false;
    this.#isWaiting = isSuspended;
    this.#playedAt = now;
    for (const [index, frequency] of TONES.entries()) {
      ring(context, frequency, context.currentTime + index * STEP_SECONDS);
    }
    return true;
  }

  /** Lets go of the audio device. Idempotent. */
  close(): void {
    this.#isClosed = true;
    // Closing a closed context is refused; there is nothing to do about it.
    void this.#context?.close().catch(() => undefined);
    this.#context = undefined;
  }
}

function ring(context: AudioContext, frequency: number, at: number): void {
  const tone = new OscillatorNode(context, { frequency, type: 'sine' });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(VOLUME, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(VOLUME / 100, at + RING_SECONDS);
  tone.connect(gain).connect(context.destination);
  tone.start(at);
  tone.stop(at + RING_SECONDS);
}
