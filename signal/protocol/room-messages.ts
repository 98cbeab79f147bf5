/**
 * Messages about who may be in the room: the lobby, what operators command, and what everybody is
 * told of it.
 */
import * as v from 'valibot';
import {
  count,
  deviceSchema,
  id,
  labelSchema,
  milliseconds,
  roleSchema,
  secretSchema,
  shortText,
} from './fields';
import { MAX_INVITATION_MS, MAX_INVITATION_USES, MAX_LISTED_PEOPLE } from './limits';
import { MAX_PICTURE_LENGTH } from './picture-limit';

/** A small JPEG, base64. Only ever shown as an image. */
const picture = v.pipe(
  v.string(),
  v.maxLength(MAX_PICTURE_LENGTH),
  v.regex(/^\/9j\/[A-Za-z0-9+/]+={0,2}$/u),
);

/** Invitations are a name for people, a role, and limits. */
export const invitationSchema = v.object({
  invitationId: id,
  name: labelSchema,
  role: roleSchema,
  /** Milliseconds since the epoch, the server's clock; absent: never. */
  expiresAt: v.exactOptional(milliseconds),
  /** Devices that may come in by it; absent: any number. */
  maxUses: v.exactOptional(count),
  /** Devices that have. */
  uses: count,
});

/** A device that is kept out. */
export const blockedDeviceSchema = v.object({
  /** The server's own name for the device; not its key. */
  deviceId: id,
  label: labelSchema,
  /** Milliseconds since the epoch, the server's clock. */
  blockedAt: milliseconds,
});

/** A phone in the lobby. */
export const waitingPhoneSchema = v.object({
  clientId: id,
  label: labelSchema,
  device: deviceSchema,
  address: shortText,
  /** Milliseconds since the epoch, the server's clock. */
  waitingSince: milliseconds,
});

/** Somebody who watches. */
export const watcherSchema = v.object({
  clientId: id,
  role: roleSchema,
  /** Name of the invitation it came by. */
  invitation: v.exactOptional(labelSchema),
  device: v.exactOptional(deviceSchema),
  address: shortText,
  /** Milliseconds since the epoch, the server's clock. */
  since: milliseconds,
  /** Streams it watches now. */
  watching: count,
});

/** Who is meant: the publisher of a stream, or a client. */
export const targetSchema = v.union([v.object({ streamId: id }), v.object({ clientId: id })]);

/** What an operator may command. */
export const commandSchema = v.variant('kind', [
  v.object({ kind: v.literal('rename'), streamId: id, label: labelSchema }),
  /** Asks the phone to silence its microphone; its own user may undo it. */
  v.object({ kind: v.literal('mute'), streamId: id }),
  /** Takes a stream off the wall; its phone stays in the room. */
  v.object({ kind: v.literal('stop'), streamId: id }),
  /** Sends a client away; it may come back by its link. */
  v.object({ kind: v.literal('remove'), target: targetSchema }),
  /** Sends a phone away and keeps its device out. */
  v.object({ kind: v.literal('block'), target: targetSchema }),
  v.object({ kind: v.literal('unblock'), deviceId: id }),
  v.object({ kind: v.literal('admit'), clientId: id }),
  v.object({ kind: v.literal('refuse'), clientId: id }),
  /** Absent fields stay as they are. */
  v.object({
    kind: v.literal('set-room'),
    hasLobby: v.exactOptional(v.boolean()),
    isLocked: v.exactOptional(v.boolean()),
  }),
  /** Makes the link of a role worthless. `evict`: whoever came in by the old one has to go. */
  v.object({ kind: v.literal('rotate-key'), role: roleSchema, evict: v.boolean() }),
  v.object({
    kind: v.literal('invite'),
    role: roleSchema,
    name: labelSchema,
    validForMs: v.exactOptional(v.pipe(milliseconds, v.minValue(1), v.maxValue(MAX_INVITATION_MS))),
    maxUses: v.exactOptional(v.pipe(count, v.minValue(1), v.maxValue(MAX_INVITATION_USES))),
  }),
  /** `evict`: whoever came in by the invitation has to go. */
  v.object({ kind: v.literal('revoke'), invitationId: id, evict: v.boolean() }),
]);

/**
 * A command of an operator. Answered by `done` or by an `error`, both with its `requestId`; an
 * error changed nothing.
 */
export const moderateSchema = v.object({
  type: v.literal('moderate'),
  requestId: id,
  command: commandSchema,
});

/** What a phone in the lobby shows of its camera; the latest counts. */
export const lobbyPictureSchema = v.object({ type: v.literal('lobby-picture'), picture });

/**
 * Answers a `publish` while there is a lobby. A phone that waits is published by the server itself
 * as soon as it is admitted; one that was refused may ask again by publishing again.
 */
export const admissionSchema = v.object({
  type: v.literal('admission'),
  state: v.picklist(['waiting', 'admitted', 'refused']),
});

/** What an operator may do to a stream that goes on. */
export const moderationSchema = v.variant('kind', [
  v.object({ kind: v.literal('renamed'), label: labelSchema }),
  v.object({ kind: v.literal('muted') }),
]);

/** An operator did this to the phone's stream. */
export const moderatedSchema = v.object({
  type: v.literal('moderated'),
  action: moderationSchema,
});

/** The key of the link this client came by was changed, and it may stay: this is the new one. */
export const keyRenewedSchema = v.object({ type: v.literal('key-renewed'), key: secretSchema });

/** How the room stands; sent to operators after their welcome and on every change. */
export const roomSchema = v.object({
  type: v.literal('room'),
  access: v.picklist(['keys', 'open']),
  hasLobby: v.boolean(),
  isLocked: v.boolean(),
  /** Key of each role's link; absent where the room is open to all. */
  keys: v.exactOptional(
    v.object({ operator: secretSchema, viewer: secretSchema, phone: secretSchema }),
  ),
  invitations: v.array(invitationSchema),
  blocked: v.array(blockedDeviceSchema),
});

/** Who waits and who watches; sent to operators after their welcome and on every change. */
export const peopleSchema = v.object({
  type: v.literal('people'),
  /** Longest waiting first. */
  waiting: v.pipe(v.array(waitingPhoneSchema), v.maxLength(MAX_LISTED_PEOPLE)),
  waitingCount: count,
  watchers: v.pipe(v.array(watcherSchema), v.maxLength(MAX_LISTED_PEOPLE)),
  watcherCount: count,
});

/** What a phone in the lobby shows of its camera; sent to operators. */
export const waitingPictureSchema = v.object({
  type: v.literal('waiting-picture'),
  clientId: id,
  picture,
});

/** A command was carried out. */
export const doneSchema = v.object({
  type: v.literal('done'),
  requestId: id,
  /** Of the new invitation; told this once, the server keeps only its hash. */
  key: v.exactOptional(secretSchema),
  /** It holds, but not for good: one plain sentence that says why. */
  warning: v.exactOptional(v.pipe(v.string(), v.maxLength(300))),
});

export type Command = v.InferOutput<typeof commandSchema>;
export type Target = v.InferOutput<typeof targetSchema>;
export type Invitation = v.InferOutput<typeof invitationSchema>;
export type BlockedDevice = v.InferOutput<typeof blockedDeviceSchema>;
export type WaitingPhone = v.InferOutput<typeof waitingPhoneSchema>;
export type Watcher = v.InferOutput<typeof watcherSchema>;
export type RoomMessage = v.InferOutput<typeof roomSchema>;
export type PeopleMessage = v.InferOutput<typeof peopleSchema>;
