/**
 * The age of the pictures of one tile: asks its video element for the times of one frame a second,
 * never for each frame, and estimates from them.
 */
import {
  estimateLatency,
  steadyLatency,
  type FrameTimes,
  type LatencyEstimate,
  type StageFigures,
} from '../../../signal/rtc/stats/latency-estimate';

/** Estimates that the shown figure is the middle of: five seconds. */
const MAX_RECENT = 5;

/** The part of a video element that is used; older browsers have none of it. */
export interface FrameSource {
  requestVideoFrameCallback?(callback: VideoFrameRequestCallback): number;
  cancelVideoFrameCallback?(handle: number): void;
}

/** See the head of this file. */
export class LiveLatency {
  readonly #video: FrameSource;
  #recent: LatencyEstimate[] = [];
  #frame: FrameTimes | undefined;
  #handle: number | undefined;
  #isClosed = false;

  constructor(video: FrameSource) {
    this.#video = video;
  }

  /**
   * Takes the second's estimate; call it with each sample of the stream's statistics.
   * @param isPictureMoving false while no new frame comes: what stands still has no age.
   */
  sample(figures: StageFigures, isPictureMoving: boolean): LatencyEstimate | undefined {
    if (this.#isClosed) return undefined;
    const frame = this.#frame;
    this.#frame = undefined;
    this.#requestFrame();
    const estimate = isPictureMoving ? estimateLatency(frame, figures) : undefined;
    if (estimate === undefined) this.#recent = [];
    else this.#recent = [...this.#recent, estimate].slice(-MAX_RECENT);
    return steadyLatency(this.#recent);
  }

  /** Asks for no further frame. Idempotent. */
  close(): void {
    this.#isClosed = true;
    if (this.#handle !== undefined) this.#video.cancelVideoFrameCallback?.(this.#handle);
    this.#handle = undefined;
  }

  /** One frame only. In a hidden page it comes when the page is seen again. */
  #requestFrame(): void {
    if (this.#handle !== undefined) return;
    this.#handle = this.#video.requestVideoFrameCallback?.((_now, metadata) => {
      this.#handle = undefined;
      this.#frame = timesOf(metadata);
    });
  }
}

/** When a frame was where, as far as the browser tells. */
export function timesOf(metadata: VideoFrameCallbackMetadata): FrameTimes {
  const { expectedDisplayTime, captureTime, receiveTime } = metadata;
  return {
    displayedAt: expectedDisplayTime,
    ...(captureTime === undefined ? {} : { capturedAt: captureTime }),
    ...(receiveTime === undefined ? {} : { receivedAt: receiveTime }),
  };
}
