/** What the console says about keys, the lobby, and being in charge. Plain short English sentences. */
import type { Role } from '../../../signal/protocol/fields';

const roleNames: Record<Role, string> = {
  operator: 'Operator',
  viewer: 'Viewer',
  phone: 'Phone',
};

const linkHeadings: Record<Role, string> = {
  phone: 'Phones',
  viewer: 'Viewers',
  operator: 'Operators',
};

const linkPurposes: Record<Role, string> = {
  phone: 'Whoever has this link can put a camera on the wall.',
  viewer: 'Whoever has this link can watch the wall, and change nothing.',
  operator: 'Whoever has this link is in charge, as you are. Give it to colleagues only.',
};

const whoIsIn: Record<Role, string> = {
  phone: 'Phones that came in by it',
  viewer: 'Viewers that came in by it',
  operator: 'Other operators that came in by it',
};

function ago(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

function waitingFor(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  if (seconds < 10) return 'has just come';
  if (seconds < 60) return `waits for ${Math.floor(seconds / 10) * 10} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `waits for ${minutes} min` : `waits for ${Math.floor(minutes / 60)} h`;
}

function usesOf(uses: number, maxUses: number | undefined): string {
  if (maxUses !== undefined) return `${uses} of ${maxUses} used`;
  return uses === 0 ? 'Not used yet' : `Used by ${uses} ${uses === 1 ? 'device' : 'devices'}`;
}

/** Grouped by where they are said. */
export const roomWords = {
  roleName: (role: Role) => roleNames[role],
  commandLost:
    'The connection to the server was lost meanwhile. Look whether it was done before you try again.',
  commandUnsent: 'There is no connection to the server. Try again when it is back.',
  commandSilent: 'The server did not answer. Look whether it was done before you try again.',
  cancel: 'Cancel',
  access: {
    heading: 'This room needs a key',
    refusedHeading: 'This key does not open the room',
    howTo:
      'Ask an operator for a link to this console. It can be copied in their console under “Room”.',
    fieldLabel: 'Link or key',
    placeholder: 'https://…/live-streams#key=…',
    enter: 'Enter',
    entering: 'Entering…',
    missing: 'Paste the link, or only its key.',
    noKey: 'There is no key in this. A link ends with “#key=” and 22 or more letters and digits.',
    plainServer:
      'This link is for an encrypted connection, and this page has none: its key could be read on the way. Open the link itself.',
    stillIn: (refusal: string) => `${refusal} You are still in as before.`,
    openPrompt: 'Enter a link',
    removedHeading: 'You were sent away',
    blockedHeading: 'This device is kept out',
    lockedHeading: 'The room is locked',
    comeBack: 'Come back',
  },
  menu: {
    open: (label: string) => `More for ${label}`,
    label: (label: string) => `What to do with ${label}`,
    rename: 'Rename…',
    mute: 'Mute microphone',
    muteHint: 'Its user can undo it',
    muteOff: 'It sends no sound now',
    stop: 'Stop stream…',
    remove: 'Remove from room…',
    block: 'Block device…',
    asking: 'Asking…',
    muted: (label: string) => `${label} was asked to mute its microphone.`,
    renameHeading: 'Rename',
    renameLabel: 'Name on the wall',
    renameSubmit: 'Rename',
    nameMissing: 'Enter a name.',
    stopHeading: (label: string) => `Stop ${label}?`,
    stopBody: 'Its picture leaves the wall. Only the person at the phone can start it again.',
    stopSubmit: 'Stop stream',
    removeHeading: (label: string) => `Remove ${label}?`,
    removeBody:
      'The phone is disconnected. It can come back by its link. To keep it out, block it.',
    removeSubmit: 'Remove',
    blockHeading: (label: string) => `Block ${label}?`,
    blockBody:
      'The phone is disconnected and kept out for 24 hours. It is known by a key that its browser keeps: a phone whose browser data is wiped counts as a new phone. A new link for phones keeps out everybody who has only the old one.',
    blockSubmit: 'Block device',
  },
  lobby: {
    label: 'Lobby',
    heading: 'Waiting to come in',
    badge: (count: number) => `${count} waiting`,
    fold: 'Hide the lobby',
    admit: 'Admit',
    admitNamed: (label: string) => `Admit ${label}`,
    refuse: 'Refuse',
    refuseNamed: (label: string) => `Refuse ${label}`,
    noPicture: 'No picture yet',
    pictureOf: (label: string) => `Still picture from ${label}`,
    waitingFor,
    andMore: (count: number) => `And ${count} more in the line.`,
    arrived: (label: string) => `${label} waits in the lobby.`,
    arrivedWithKey: (label: string) => `${label} waits in the lobby. Press A to look.`,
    admitted: (label: string) => `${label} is admitted.`,
    refused: (label: string) => `${label} is refused.`,
  },
  room: {
    open: 'Room',
    heading: 'Room',
    locked: 'Locked',
    lockedTitle: 'The room is locked: nobody new gets in',
    waitingForFacts: 'Waiting for the server’s word…',
    sections: {
      links: 'Links',
      invitations: 'Invitations',
      doors: 'Doors',
      people: 'Who is here',
      blocked: 'Blocked devices',
    },
    openAccess:
      'This room is open: whoever reaches the server may stream, watch and be in charge. Start the server with “--access keys” to have links with keys.',
  },
  links: {
    heading: (role: Role) => linkHeadings[role],
    purpose: (role: Role) => linkPurposes[role],
    copy: 'Copy link',
    copyNamed: (role: Role) => `Copy link for ${linkHeadings[role].toLowerCase()}`,
    copied: 'Copied',
    renew: 'Make new link…',
    renewNamed: (role: Role) => `Make new link… for ${linkHeadings[role].toLowerCase()}`,
    renewBody: 'The old link stops working at once.',
    whoIsIn: (role: Role) => whoIsIn[role],
    keep: 'may stay',
    evict: 'are sent away',
    renewSubmit: 'Make new link',
    renewed: 'This is the new link.',
    hidden: 'Keys are not shown, since screens are seen by many; copying takes them along.',
  },
  invitations: {
    intro:
      'An invitation is a link for one person or group, with an end of its own. Taking it back leaves all others alone.',
    none: 'There are no invitations.',
    create: 'New invitation',
    name: 'Name',
    namePlaceholder: 'Camera team B',
    nameMissing: 'Enter a name, so that you know it again.',
    role: 'Lets in',
    roleChoices: [
      { role: 'phone', text: 'Phones, to stream' },
      { role: 'viewer', text: 'Viewers, to watch' },
      { role: 'operator', text: 'Operators, to be in charge' },
    ],
    validFor: 'Works for',
    validForChoices: [
      { milliseconds: 3_600_000, text: '1 hour' },
      { milliseconds: 43_200_000, text: '12 hours' },
      { milliseconds: 86_400_000, text: '1 day' },
      { milliseconds: 604_800_000, text: '1 week' },
      { milliseconds: 2_592_000_000, text: '30 days' },
      { milliseconds: 0, text: 'Until taken back' },
    ],
    maxUses: 'Devices',
    maxUsesChoices: [
      { count: 1, text: '1 device' },
      { count: 2, text: '2 devices' },
      { count: 5, text: '5 devices' },
      { count: 10, text: '10 devices' },
      { count: 50, text: '50 devices' },
      { count: 0, text: 'Any number' },
    ],
    submit: 'Create invitation',
    submitting: 'Creating…',
    createdHeading: (name: string) => `The link for ${name}`,
    createdOnce: 'Copy it now: it is shown this once, the server does not keep it.',
    done: 'Done',
    uses: usesOf,
    noEnd: 'No end',
    ended: 'Expired',
    endsIn: (milliseconds: number) => {
      const minutes = Math.ceil(milliseconds / 60_000);
      if (minutes < 90) return `${minutes} min left`;
      const hours = Math.round(minutes / 60);
      return hours < 48 ? `${hours} h left` : `${Math.round(hours / 24)} days left`;
    },
    revoke: 'Take back…',
    revokeNamed: (name: string) => `Take back… the invitation ${name}`,
    revokeBody: 'Nobody new can come in by it.',
    whoIsIn: 'Whoever came in by it',
    stay: 'may stay',
    evict: 'is sent away',
    revokeSubmit: 'Take back',
  },
  doors: {
    lobby: 'Lobby',
    lobbyHint:
      'A phone that is new here waits, with a small still picture, until an operator admits it. Phones that were admitted once come in directly.',
    lock: 'Lock the room',
    lockHint:
      'Nobody new gets in, phone or viewer. Who is in stays, and devices that were here before may come back.',
    on: 'On',
    off: 'Off',
  },
  people: {
    watchers: (count: number) => `Watching (${count})`,
    waiting: (count: number) => `Waiting in the lobby (${count})`,
    noWatchers: 'Nobody watches.',
    phonesHint: 'Phones that stream are on the wall; each has its menu there.',
    you: 'This console',
    came: ago,
    by: (invitation: string) => `by “${invitation}”`,
    watching: (count: number) =>
      count === 0 ? 'Watches nothing' : `Watches ${count} ${count === 1 ? 'stream' : 'streams'}`,
    unknownDevice: 'Unknown device',
    remove: 'Remove…',
    removeNamed: (who: string) => `Remove… ${who}`,
    removeBody: 'It is disconnected, and can come back by its link. A new link keeps it out.',
    removeSubmit: 'Remove',
    andMore: (count: number) => `And ${count} more.`,
  },
  blocked: {
    intro:
      'A blocked device is known by a key that its browser keeps. Wiping its browser data makes it a new device. A block ends by itself after 24 hours.',
    none: 'No device is blocked.',
    since: (milliseconds: number) => `Blocked ${ago(milliseconds)}`,
    unblock: 'Unblock',
    unblockNamed: (label: string) => `Unblock ${label}`,
  },
  emptyForViewers: {
    heading: 'Waiting for streams',
    intro: 'Pictures appear here by themselves, as soon as a camera is live.',
  },
} as const;
