/**
 * Every word the console says to people, in one place; those of the room are in `wording/`. Plain
 * short English sentences.
 */
import type { Device } from '../../signal/protocol/fields';
import type { CaptureFacts, StreamRemovedReason } from '../../signal/protocol/messages';
import type { ServerStatus } from './server/server-store';
import type { TileCause, TileStateName } from './streams/tile-state';
import { roomWords } from './wording/room-words';

const stateNames: Record<TileStateName, string> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
  frozen: 'Frozen',
  ended: 'Ended',
};

const captureReasons: Record<Exclude<CaptureFacts['state'], 'active'>, string> = {
  hidden: 'Phone screen is off or its page is hidden',
  interrupted: 'A call interrupted the camera',
  ended: 'The phone’s camera stopped. Somebody has to tap its screen',
};

const removedReasons: Record<StreamRemovedReason, string> = {
  stopped: 'Stopped on the phone',
  left: 'The phone left',
  lost: 'Connection lost',
  'stopped-by-operator': 'Stopped by an operator',
  removed: 'Removed by an operator',
};

const causes: Record<TileCause, string> = {
  'picture-moving': '',
  'waiting-for-picture': 'Waiting for the first picture',
  'publisher-away': 'The phone has lost its connection',
  'media-lost': 'The picture’s connection was lost',
  'no-packets': 'Nothing arrives from the phone',
  'no-frames': 'Data arrives, but no new picture',
  'capture-hidden': captureReasons.hidden,
  'capture-interrupted': captureReasons.interrupted,
  'capture-ended': captureReasons.ended,
  'removed-stopped': removedReasons.stopped,
  'removed-left': removedReasons.left,
  'removed-lost': removedReasons.lost,
  'removed-stopped-by-operator': removedReasons['stopped-by-operator'],
  'removed-removed': removedReasons.removed,
};

const deviceKinds: Record<Device['kind'], string> = {
  phone: 'Phone',
  tablet: 'Tablet',
  computer: 'Computer',
  unknown: 'Camera',
};

const serverStatuses: Record<ServerStatus, string> = {
  idle: 'Not connected',
  connecting: 'Connecting…',
  live: 'Connected',
  reconnecting: 'Reconnecting…',
  failed: 'Failed',
};

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Grouped by where they are said. */
export const words = {
  productName: 'Sightline',
  room: roomWords,
  tile: {
    stateName: (name: TileStateName) => stateNames[name],
    cause: (cause: TileCause) => causes[cause],
    deviceKind: (kind: Device['kind']) => deviceKinds[kind],
    name: (label: string, state: TileStateName, viewers: number) =>
      `${label}, ${stateNames[state].toLowerCase()}, ${plural(viewers, 'viewer', 'viewers')}`,
    roleDescription: 'camera tile',
    microphoneMuted: 'Microphone muted on the phone',
    noMicrophone: 'No microphone',
    viewers: 'Viewers',
    relayed: 'Relayed',
    listen: 'Listen',
    stopListening: 'Mute',
    listenTo: (label: string) => `Listen to ${label}`,
    mute: (label: string) => `Mute ${label} here`,
    nothingToHear: (label: string) => `${label} sends no sound`,
    clickToHear: 'Click to hear',
    fullscreen: (label: string) => `Show ${label} full screen`,
    leaveFullscreen: 'Leave full screen',
    noFigures: 'No figures yet',
  },
  figures: {
    picture: 'Picture',
    frameRate: 'Frame rate',
    videoBitrate: 'Video',
    audioBitrate: 'Sound',
    delay: 'Delay',
    roundTripTime: 'Round trip',
    jitter: 'Jitter',
    loss: 'Loss',
    codec: 'Codec',
    dropped: 'Dropped',
    freezes: 'Freezes',
    path: 'Path',
    relayedBy: (protocol: string) => `relay by ${protocol}`,
  },
  wall: {
    label: 'Camera wall',
    streams: (count: number) => (count === 0 ? 'No streams' : plural(count, 'stream', 'streams')),
    joined: (label: string) => `${label} joined.`,
    left: (label: string, reason: string) => `${label} left: ${reason.toLowerCase()}.`,
    dropped: (label: string, reason: string) => `${label}: ${reason.toLowerCase()}.`,
    returned: (label: string) => `${label} is live again.`,
    andMore: (count: number) => `And ${plural(count, 'more change', 'more changes')}.`,
  },
  join: {
    heading: 'Add your first camera',
    intro: 'Any phone on the same network becomes a camera. There is nothing to install.',
    dialogHeading: 'Add a camera',
    steps: [
      'Connect the phone to the same network as this computer.',
      'Scan the code with the phone’s camera, or open the copied address there.',
      'Tap “Start streaming”. The picture appears here by itself.',
    ],
    open: 'Join',
    addressLabel: 'Join address',
    networks: 'Show the address for',
    thisMachine: 'This computer',
    qrLabel: (url: string) => `QR code for ${url}`,
    copy: 'Copy',
    copyAddress: 'Copy the join address',
    copied: 'Copied',
    copyByHand: 'Press Ctrl+C to copy',
    cameraRefused:
      'Phones will refuse their camera at this address: browsers allow it only over HTTPS, which is not set up yet.',
    thisMachineOnly: 'This address works on this computer only.',
    codeBegins:
      'The code first helps a phone that has never been here to trust this control room. The address goes straight to the camera.',
    waiting: 'Waiting for the join address…',
    noAddress:
      'The server has named no address to join at. Connect this computer to a network; the address then appears here.',
  },
  server: {
    status: (status: ServerStatus) => serverStatuses[status],
    statusLabel: 'Server',
    starting: 'Starting the server…',
    connecting: 'Connecting to the server…',
    failedHeading: 'The server cannot be reached',
    unknownFailure: 'The connection to the server failed.',
    retry: 'Try again',
    reconnecting: 'Signaling is down. Pictures go on. Reconnecting…',
    reconnectingWithoutPictures: 'The server does not answer. Reconnecting…',
    noAddress: 'No address is known. Enter one under “Server”.',
    dialogOpen: 'Server',
    dialogHeading: 'Which server?',
    dialogIntro: 'Cameras and consoles of one server see each other.',
    embedded: 'The server in this app',
    embeddedHint: 'Starts and stops with this window.',
    remote: 'A server elsewhere',
    remoteHint: 'Joins the wall of another Sightline server.',
    addressLabel: 'Address',
    addressPlaceholder: 'studio.local:8443',
    addressMissing: 'Enter the address of the server, such as studio.local:8443.',
    use: 'Use this server',
    using: 'Connecting…',
    switchFailed: 'The server could not be changed. Try again.',
    ownFingerprint: 'Fingerprint to compare when another console joins this server',
    found: {
      heading: 'Found on this network',
      none: 'No other server announces itself on this network.',
      join: 'Join',
      inUse: 'In use',
      known: 'Trusted',
      unknown: 'New',
      plain: 'Not encrypted',
    },
    trust: {
      heading: 'Is this the right server?',
      changedHeading: 'This server’s certificate has changed',
      howToCompare:
        'You find it where that server runs: in its window under “Server”, or in its terminal. Join only if all of it is the same.',
      howToCompareChanged:
        'Ask who runs that server whether it was set up anew. Trust the new certificate only if its fingerprint is the same as the one shown there.',
      address: 'Address',
      certificate: 'Certificate',
      fingerprint: 'Fingerprint (SHA-256)',
      previousFingerprint: 'Trusted until now',
      accept: 'It is the same: trust and join',
      acceptChanged: 'Trust the new certificate and join',
      back: 'Do not join',
      review: 'Look at the certificate',
    },
  },
  help: {
    open: 'Help',
    heading: 'Keys',
    keys: [
      { keys: ['←', '→', '↑', '↓'], does: 'Move between cameras' },
      { keys: ['Enter', 'F'], does: 'Full screen on and off' },
      { keys: ['L'], does: 'Listen to the camera, or silence it here' },
      { keys: ['I'], does: 'Inspect the camera: what is wrong, graphs, figures' },
      { keys: ['C'], does: 'Compare the camera in the inspector, up to four' },
      { keys: ['W'], does: 'Show or hide the alerts of all cameras' },
      { keys: ['S'], does: 'Show or hide all statistics' },
      { keys: ['H'], does: 'Show the history of the room' },
      { keys: ['?'], does: 'Show this list' },
      { keys: ['Esc'], does: 'Close what is open' },
    ],
    operatorKeys: [
      { keys: ['M'], does: 'Menu of the camera: rename, stop, remove' },
      { keys: ['A'], does: 'Go to the lobby, to admit or refuse' },
      { keys: ['R'], does: 'Show the room: links, doors, who is here' },
      { keys: ['J'], does: 'Show how to add a camera' },
    ],
    mouse: 'Double-click a camera to show it full screen. Ctrl-click cameras to compare them.',
  },
  statistics: 'Statistics',
  close: 'Close',
} as const;
