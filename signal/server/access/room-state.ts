/** What the server keeps of its room on disk, as a schema: a file is input like any other. */
import * as v from 'valibot';
import {
  count,
  id,
  labelSchema,
  milliseconds,
  roleSchema,
  secretSchema,
} from '../../protocol/fields';
import { MAX_INVITATIONS } from '../../protocol/limits';
import { createSecret } from './secrets';

/** Devices that are remembered as admitted; the oldest go first. */
export const MAX_ADMITTED_DEVICES = 1000;

/** Devices that are kept out at the same time; the oldest go first. */
export const MAX_BLOCKED_DEVICES = 500;

/** SHA-256 as base64url. */
const digest = v.pipe(v.string(), v.regex(/^[\w-]{43}$/u));

const linkKeysSchema = v.object({
  operator: secretSchema,
  viewer: secretSchema,
  phone: secretSchema,
});

const storedInvitationSchema = v.object({
  invitationId: id,
  name: labelSchema,
  role: roleSchema,
  keyDigest: digest,
  expiresAt: v.exactOptional(milliseconds),
  maxUses: v.exactOptional(count),
  uses: count,
  /** Digests of the devices that came in by it, the latest last. */
  usedBy: v.array(digest),
});

const admittedDeviceSchema = v.object({
  deviceDigest: digest,
  role: roleSchema,
  label: v.exactOptional(labelSchema),
  admittedAt: milliseconds,
});

const blockedDeviceSchema = v.object({
  deviceId: id,
  deviceDigest: digest,
  label: labelSchema,
  blockedAt: milliseconds,
});

/** All of it. Link keys are in plain text, since links are shown again after a restart. */
export const roomStateSchema = v.object({
  version: v.literal(1),
  keys: linkKeysSchema,
  invitations: v.pipe(v.array(storedInvitationSchema), v.maxLength(MAX_INVITATIONS)),
  admitted: v.pipe(v.array(admittedDeviceSchema), v.maxLength(MAX_ADMITTED_DEVICES)),
  blocked: v.pipe(v.array(blockedDeviceSchema), v.maxLength(MAX_BLOCKED_DEVICES)),
  hasLobby: v.boolean(),
  isLocked: v.boolean(),
});

/** The key of each role's link. */
export type LinkKeys = v.InferOutput<typeof linkKeysSchema>;
export type StoredInvitation = v.InferOutput<typeof storedInvitationSchema>;
export type AdmittedDevice = v.InferOutput<typeof admittedDeviceSchema>;
export type StoredBlock = v.InferOutput<typeof blockedDeviceSchema>;
export type RoomState = v.InferOutput<typeof roomStateSchema>;

/** A room as it is on the first day: fresh keys, no lobby, nobody known. */
export function freshRoomState(): RoomState {
  return {
    version: 1,
    keys: { operator: createSecret(), viewer: createSecret(), phone: createSecret() },
    invitations: [],
    admitted: [],
    blocked: [],
    hasLobby: false,
    isLocked: false,
  };
}
