/**
 * The keys of the room: one link for each role, and invitations. Pure: the caller brings the time
 * and keeps the state.
 */
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { CloseName } from '../../protocol/close-codes';
import type { Role } from '../../protocol/fields';
import { MAX_INVITATIONS, MAX_INVITATION_USES } from '../../protocol/limits';
import type { ClientType, ErrorId } from '../../protocol/messages';
import { fail, ok, type Result } from '../../protocol/result';
import { invitationSchema, type Invitation } from '../../protocol/room-messages';
import { indexOfDigest } from './compare-keys';
import type { LinkKeys, StoredInvitation } from './room-state';
import { createSecret, digestOf, digestText } from './secrets';

const ROLES = ['operator', 'viewer', 'phone'] as const satisfies readonly Role[];

/** How a client came in, and what it may do. */
export interface Grant {
  readonly role: Role;
  /** Digest of the link's key that it came by; absent for invitations and where all is open. */
  readonly linkDigest?: Buffer;
  readonly invitation?: { readonly invitationId: string; readonly name: string };
}

/** Why somebody was kept out. */
export interface KeyRefusal {
  readonly id: ErrorId;
  readonly close: CloseName;
  /** One plain sentence. */
  readonly message: string;
}

/** What a newcomer brings. */
export interface KeyRequest {
  readonly key: string | undefined;
  readonly clientType: ClientType;
  /** By what it counts as one user of an invitation: its device, or else its client id. */
  readonly userDigest: string;
  /** The time of day, in milliseconds since the epoch. */
  readonly epochMs: number;
}

/** What an invitation is made of. */
export interface InvitationRequest {
  readonly role: Role;
  readonly name: string;
  readonly validForMs?: number;
  readonly maxUses?: number;
}

/** See the head of this file. */
export class KeyBook {
  readonly #keys: LinkKeys;
  #invitations: StoredInvitation[];
  #linkDigests: Readonly<Record<Role, Buffer>>;

  constructor(keys: LinkKeys, invitations: readonly StoredInvitation[]) {
    this.#keys = { ...keys };
    this.#invitations = invitations.map((one) => ({ ...one, usedBy: [...one.usedBy] }));
    this.#linkDigests = digestsOf(this.#keys);
  }

  /** Key of each role's link. */
  get keys(): LinkKeys {
    return { ...this.#keys };
  }

  /** What is to be kept of the invitations. */
  get stored(): StoredInvitation[] {
    return this.#invitations;
  }

  /** The invitations as operators see them. */
  get invitations(): Invitation[] {
    return this.#invitations.map((stored) => v.parse(invitationSchema, stored));
  }

  /** Decides whether a key opens the room, and as whom. Changes nothing. */
  verify({ key, clientType, userDigest, epochMs }: KeyRequest): Result<Grant, KeyRefusal> {
    if (key === undefined) {
      return fail({
        id: 'key-required',
        close: 'keyRequired',
        message: 'This room needs a link with a key. Scan the code at the control room.',
      });
    }
    const found = indexOfDigest(digestOf(key), this.#candidates());
    const role = ROLES[found];
    if (role !== undefined) {
      return fits(role, clientType) ? ok(this.linkGrant(role)) : refuse(WRONG_KIND[clientType]);
    }
    const invitation = this.#invitations[found - ROLES.length];
    if (invitation === undefined) {
      return refuse('This link is not valid any more. Scan the code at the control room again.');
    }
    if (!fits(invitation.role, clientType)) return refuse(WRONG_KIND[clientType]);
    // Who came in by it once comes in again, until it expires.
    if (invitation.expiresAt !== undefined && invitation.expiresAt <= epochMs) {
      return refuse('This invitation has expired. Ask the control room for a new one.');
    }
    const { invitationId, name, maxUses, uses, usedBy } = invitation;
    if (maxUses !== undefined && uses >= maxUses && !usedBy.includes(userDigest)) {
      return refuse('This invitation has been used up. Ask the control room for a new one.');
    }
    return ok({ role: invitation.role, invitation: { invitationId, name } });
  }

  /**
   * Counts a use of an invitation, once for each user.
   * @returns whether it was a new one
   */
  use({ invitation }: Grant, userDigest: string): boolean {
    const used = this.#find(invitation?.invitationId);
    if (used === undefined || used.usedBy.includes(userDigest)) return false;
    used.uses += 1;
    used.usedBy = [...used.usedBy, userDigest].slice(-MAX_INVITATION_USES);
    return true;
  }

  /** Whether the key of the link that a client came by has been changed since. */
  isOutdated({ role, linkDigest }: Grant): boolean {
    return linkDigest !== undefined && !linkDigest.equals(this.#linkDigests[role]);
  }

  /** What the link of a role grants at present. */
  linkGrant(role: Role): Grant {
    return { role, linkDigest: this.#linkDigests[role] };
  }

  /** Whether this is the key of a role's link. */
  isLinkKey(role: Role, key: string): boolean {
    return indexOfDigest(digestOf(key), [this.#linkDigests[role]]) === 0;
  }

  /** Makes the link of a role worthless; returns the new key. */
  rotate(role: Role): string {
    this.#keys[role] = createSecret();
    this.#linkDigests = digestsOf(this.#keys);
    return this.#keys[role];
  }

  /**
   * Makes an invitation.
   * @returns its key, told this once; undefined where there are too many already
   */
  invite(request: InvitationRequest, epochMs: number): string | undefined {
    if (this.#invitations.length >= MAX_INVITATIONS) this.#forgetExpired(epochMs);
    if (this.#invitations.length >= MAX_INVITATIONS) return undefined;
    const { role, name, validForMs, maxUses } = request;
    const key = createSecret();
    this.#invitations.push({
      invitationId: randomUUID(),
      name,
      role,
      keyDigest: digestText(key),
      ...(validForMs === undefined ? {} : { expiresAt: epochMs + validForMs }),
      ...(maxUses === undefined ? {} : { maxUses }),
      uses: 0,
      usedBy: [],
    });
    return key;
  }

  /** Makes an invitation worthless; tells whether there was one. */
  revoke(invitationId: string): boolean {
    const before = this.#invitations.length;
    this.#invitations = this.#invitations.filter((one) => one.invitationId !== invitationId);
    return this.#invitations.length < before;
  }

  /** In the order of `ROLES`, then that of the invitations. */
  #candidates(): Buffer[] {
    return [
      ...ROLES.map((role) => this.#linkDigests[role]),
      ...this.#invitations.map(({ keyDigest }) => Buffer.from(keyDigest, 'base64url')),
    ];
  }

  #find(invitationId: string | undefined): StoredInvitation | undefined {
    return this.#invitations.find((one) => one.invitationId === invitationId);
  }

  #forgetExpired(epochMs: number): void {
    this.#invitations = this.#invitations.filter(
      ({ expiresAt }) => expiresAt === undefined || expiresAt > epochMs,
    );
  }
}

const WRONG_KIND: Readonly<Record<ClientType, string>> = {
  streamer: 'This is a link for watching. To stream, scan the code for phones.',
  viewer: 'This is a link for phones. To watch, open a link of the control room.',
};

/** A phone's key opens streamer sockets only, the others viewer sockets only. */
function fits(role: Role, clientType: ClientType): boolean {
  return (role === 'phone') === (clientType === 'streamer');
}

function refuse(message: string): Result<never, KeyRefusal> {
  return fail({ id: 'key-refused', close: 'keyRefused', message });
}

function digestsOf(keys: LinkKeys): Record<Role, Buffer> {
  return {
    operator: digestOf(keys.operator),
    viewer: digestOf(keys.viewer),
    phone: digestOf(keys.phone),
  };
}
