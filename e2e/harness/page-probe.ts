/**
 * What the tests put into every page before its own scripts run: it reads the test pictures out of
 * video elements, notes when first frames were painted, and counts peer connections. It changes
 * nothing the page can see but for the constructor it counts through.
 */
import type { VideoCode } from './video-code';

/** What one painted frame of a video element shows. */
export interface FrameReading {
  width: number;
  height: number;
  /** The phone's number and its frame's; null when the picture is not one of our test videos. */
  phone: number | null;
  frame: number | null;
  /** Hue of the picture's lower part in degrees. */
  hue: number;
  /** Mean color of the upper right corner, by which Chromium's own fake cameras differ. */
  corner: [red: number, green: number, blue: number];
}

/** One change of a moving picture, by the wall clock. */
export interface FrameChange {
  /** Milliseconds since the epoch. */
  at: number;
  phone: number | null;
  frame: number | null;
}

/** The first frame a video element painted. */
export interface FirstFrame {
  at: number;
  width: number;
  height: number;
}

/** The probe's own interface inside a page. */
export interface PageProbe {
  /** Undefined while the element shows nothing. */
  readFrame(selector: string): FrameReading | undefined;
  /** Notes every change of the picture until {@link PageProbe.stopWatch}. */
  startWatch(selector: string): number;
  /** What a watch has noted so far. */
  watched(watch: number): FrameChange[];
  stopWatch(watch: number): FrameChange[];
  /** Every peer connection the page has made, the closed ones too. */
  connections: RTCPeerConnection[];
  firstFrames: FirstFrame[];
  /** When the start button was last clicked, in milliseconds since the epoch. */
  startTappedAt: number | undefined;
  /** What the Content-Security-Policy stopped. */
  violations: string[];
}

declare global {
  interface Window {
    sightlineProbe: PageProbe;
  }
}

/**
 * Installs the probe. Runs inside a page, so it uses nothing but its argument; running it twice
 * does nothing.
 */
export function installPageProbe(code: VideoCode): void {
  if (Reflect.has(window, 'sightlineProbe')) return;
  // Pixels of the working canvas: four a cell, the strip above, the body's mean in its own corner.
  const scale = 4;
  const stripRows = code.body - 1;
  const bodyTop = stripRows * scale + scale;
  const bodySize = 8;
  const canvas = document.createElement('canvas');
  canvas.width = code.columns * scale;
  canvas.height = bodyTop + bodySize;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('This browser gives no canvas to read pictures with.');

  const meanAt = (pixels: Uint8ClampedArray, left: number, top: number, w: number, h: number) => {
    const sum = [0, 0, 0] as [number, number, number];
    for (let y = top; y < top + h; y += 1) {
      for (let x = left; x < left + w; x += 1) {
        const at = (y * canvas.width + x) * 4;
        sum[0] += pixels[at] ?? 0;
        sum[1] += pixels[at + 1] ?? 0;
        sum[2] += pixels[at + 2] ?? 0;
      }
    }
    return sum.map((value) => value / (w * h)) as [number, number, number];
  };

  const hueOf = ([red, green, blue]: [number, number, number]) => {
    const most = Math.max(red, green, blue);
    const range = most - Math.min(red, green, blue);
    if (range === 0) return 0;
    const sixth =
      most === red
        ? (green - blue) / range
        : most === green
          ? 2 + (blue - red) / range
          : 4 + (red - green) / range;
    return (sixth * 60 + 360) % 360;
  };

  const readCode = (pixels: Uint8ClampedArray) => {
    let value = 0;
    for (let bit = 0; bit < code.phoneBits + code.frameBits; bit += 1) {
      const levels = [code.cells, code.inverted].map((span) => {
        const middle = Math.round(((span[0] + span[1]) / 2) * scale);
        const mean = meanAt(pixels, (bit + 1) * scale + 1, middle - 1, 2, 2);
        return (mean[0] + mean[1] + mean[2]) / 3;
      });
      const difference = (levels[0] ?? 0) - (levels[1] ?? 0);
      if (Math.abs(difference) < 80) return null;
      value = value * 2 + (difference > 0 ? 1 : 0);
    }
    return { phone: Math.floor(value / 2 ** code.frameBits), frame: value % 2 ** code.frameBits };
  };

  const readVideo = (video: HTMLVideoElement): FrameReading | undefined => {
    const { videoWidth: width, videoHeight: height } = video;
    if (width === 0 || video.readyState < 2) return undefined;
    const row = height / code.rows;
    context.drawImage(video, 0, 0, width, row * stripRows, 0, 0, canvas.width, stripRows * scale);
    const bodyHeight = height - row * code.body;
    context.drawImage(video, 0, row * code.body, width, bodyHeight, 0, bodyTop, bodySize, bodySize);
    const cornerLeft = bodySize + scale;
    const side = height / 20;
    context.drawImage(video, width - side, 0, side, side, cornerLeft, bodyTop, scale, scale);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
    const color = meanAt(pixels, 0, bodyTop, bodySize, bodySize);
    const read = readCode(pixels);
    return {
      width,
      height,
      phone: read?.phone ?? null,
      frame: read?.frame ?? null,
      hue: hueOf(color),
      corner: meanAt(pixels, cornerLeft, bodyTop, scale, scale),
    };
  };

  const findVideo = (selector: string) => {
    const found = document.querySelector(selector);
    return found instanceof HTMLVideoElement ? found : undefined;
  };

  const watches: { changes: FrameChange[]; stop: () => void }[] = [];

  const startWatch = (selector: string) => {
    const changes: FrameChange[] = [];
    let video: HTMLVideoElement | undefined;
    let callback = 0;
    const onFrame = () => {
      if (video === undefined) return;
      callback = video.requestVideoFrameCallback(onFrame);
      const reading = readVideo(video);
      const last = changes.at(-1);
      if (reading === undefined || last?.frame === reading.frame) return;
      changes.push({ at: Date.now(), phone: reading.phone, frame: reading.frame });
    };
    // The page may put another element into the same place, as when a tile is rebuilt.
    const follow = () => {
      const current = findVideo(selector);
      if (current === video) return;
      video?.cancelVideoFrameCallback(callback);
      video = current;
      if (video !== undefined) callback = video.requestVideoFrameCallback(onFrame);
    };
    const timer = setInterval(follow, 50);
    follow();
    const stop = () => {
      clearInterval(timer);
      video?.cancelVideoFrameCallback(callback);
    };
    return watches.push({ changes, stop }) - 1;
  };

  const probe: PageProbe = {
    readFrame: (selector) => {
      const video = findVideo(selector);
      return video === undefined ? undefined : readVideo(video);
    },
    startWatch,
    watched: (watch) => watches[watch]?.changes ?? [],
    stopWatch: (watch) => {
      watches[watch]?.stop();
      return watches[watch]?.changes ?? [];
    },
    connections: [],
    firstFrames: [],
    startTappedAt: undefined,
    violations: [],
  };
  window.sightlineProbe = probe;

  // Absent where a test has taken WebRTC away on purpose.
  if (Reflect.has(window, 'RTCPeerConnection')) {
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        probe.connections.push(this);
      }
    };
  }

  document.addEventListener('securitypolicyviolation', (event) => {
    probe.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
  });
  document.addEventListener(
    'click',
    (event) => {
      const isStart =
        event.target instanceof Element && event.target.closest('[data-testid=start]');
      if (isStart) probe.startTappedAt = Date.now();
    },
    { capture: true },
  );
  const noteFirstFrame = (video: HTMLVideoElement) => {
    video.requestVideoFrameCallback((_now, metadata) => {
      probe.firstFrames.push({ at: Date.now(), width: metadata.width, height: metadata.height });
    });
  };
  new MutationObserver((records) => {
    for (const node of records.flatMap((record) => [...record.addedNodes])) {
      if (node instanceof HTMLVideoElement) noteFirstFrame(node);
      else if (node instanceof Element) node.querySelectorAll('video').forEach(noteFirstFrame);
    }
  }).observe(document, { childList: true, subtree: true });
}
