/** Words of the inspector. */
import type { GraphId } from '../inspector/graph-definitions';

/** Names of a graph's lines, in their order, and the unit of all. */
interface GraphWords {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly string[];
}

const graphs: Record<GraphId, GraphWords> = {
  'frame-rate': { title: 'Frame rate', unit: 'fps', lines: ['shown', 'sent'] },
  latency: { title: 'Camera to screen, estimated', unit: 'ms', lines: ['delay'] },
  loss: { title: 'Video packets lost', unit: '%', lines: ['lost'] },
  bitrate: { title: 'Received', unit: 'Mbit/s', lines: ['video', 'sound'] },
  sending: { title: 'The phone sends', unit: 'Mbit/s', lines: ['video', 'possible'] },
  'network-delay': {
    title: 'Network delay',
    unit: 'ms',
    lines: ['round trip', 'jitter buffer'],
  },
  'codec-time': {
    title: 'Time for a frame',
    unit: 'ms',
    lines: ['decode', 'encode'],
  },
};

/** See the head of this file. */
export const inspectorWords = {
  label: 'Inspector',
  inspect: (label: string) => `Inspect ${label}`,
  compare: (label: string) => `Compare ${label}`,
  item: 'Inspect',
  close: 'Close the inspector',
  takeAway: (label: string) => `Stop comparing ${label}`,
  resize: 'Width of the inspector',
  full: 'Four cameras are compared already. Take one away first.',
  added: (label: string, count: number) => `${label} is compared. ${count} of 4.`,
  hint: 'Compare another camera: Ctrl-click it, or select it and press C.',
  ended: 'This stream has ended. Its figures stay until you close this.',
  unknown: 'Nothing is known of this stream any more.',
  mark: (place: number) => `${place} in the inspector`,
  panels: {
    quality: { name: 'Quality', of: (label: string) => `Quality of ${label}` },
    camera: { name: 'Camera', of: (label: string) => `Camera of ${label}` },
  },
  reason: (reason: string) => reason.toLowerCase(),
  graphs: {
    heading: 'Graphs',
    loading: 'Loading the graphs…',
    failed: 'The graphs could not be loaded.',
    retry: 'Try again',
    empty: 'No figures yet. They come once a second.',
    of: (id: GraphId): GraphWords => graphs[id],
    zoom: 'Time shown',
    minutes: (minutes: number) => `${minutes} min`,
    cursor: 'Time in the graphs',
    cursorHint: 'Arrow keys move the cursor, Home and End go to its ends, Delete takes it away.',
    now: 'now',
    ago: (seconds: number) => {
      if (seconds === 0) return 'now';
      if (seconds < 60) return `${seconds} s ago`;
      const rest = seconds % 60;
      return `${Math.floor(seconds / 60)} min${rest === 0 ? '' : ` ${rest} s`} ago`;
    },
    tick: (seconds: number) => {
      if (seconds === 0) return 'now';
      return seconds % 60 === 0 ? `−${seconds / 60} min` : `−${seconds} s`;
    },
  },
  figures: {
    heading: 'Figures',
    stream: 'Figure',
    absent: '–',
    notGiven: 'The browser does not tell.',
    phoneSilent: 'This phone tells nothing of itself.',
    notCapturing: 'Browsers tell it only to pages that capture.',
    yes: 'yes',
    no: 'no',
    groups: {
      picture: 'Picture',
      sound: 'Sound',
      network: 'Network',
      phone: 'Phone',
    },
    names: {
      size: 'Size',
      frameRate: 'Frame rate',
      latency: 'Camera to screen',
      latencyBy: 'Estimated by',
      codec: 'Codec',
      decoder: 'Decoder',
      hardware: 'In hardware',
      decodeTime: 'Decoding a frame',
      decoded: 'Frames decoded',
      dropped: 'Frames dropped',
      keyFrames: 'Key frames',
      freezes: 'Freezes',
      frozen: 'Frozen for',
      bitrate: 'Bitrate',
      lost: 'Lost',
      concealed: 'Made up',
      jitterBuffer: 'Jitter buffer',
      roundTrip: 'Round trip',
      jitter: 'Jitter',
      packetsLost: 'Packets lost',
      packetsReceived: 'Packets received',
      lossNow: 'Loss now',
      nack: 'Asked again (NACK)',
      pli: 'Key frames asked (PLI)',
      localCandidate: 'Candidate here',
      remoteCandidate: 'Candidate there',
      protocol: 'Protocol',
      relayed: 'Relayed',
      sends: 'Sends',
      sendRate: 'Frame rate sent',
      sendBitrate: 'Video sent',
      target: 'Target bitrate',
      available: 'Room on its network',
      limited: 'Quality limited by',
      limitedByCpu: 'Limited by CPU',
      limitedByNetwork: 'Limited by network',
      encoder: 'Encoder',
      encodeTime: 'Encoding a frame',
      sendDelay: 'Waiting to be sent',
      captures: 'Camera gives',
      captureRate: 'Camera’s rate',
      battery: 'Battery',
      charging: 'Charging',
      network: 'Network',
      orientation: 'Held',
      visible: 'Page in front',
    },
    methods: { 'capture-time': 'time of capture', stages: 'sum of the stages' },
    limits: { none: 'nothing', cpu: 'CPU', bandwidth: 'network', other: 'something else' },
  },
  exports: {
    label: 'Take along',
    copy: 'Copy',
    copied: 'Copied',
    copyFailed: 'Not copied',
    copyTitle: 'Copy all figures as text',
    csv: 'CSV',
    csvTitle: 'Save the last 15 minutes as a table',
    json: 'JSON',
    jsonTitle: 'Save the last 15 minutes and all facts',
    raw: 'getStats',
    rawTitle: 'Save the browser’s own statistics as they are now',
  },
};
