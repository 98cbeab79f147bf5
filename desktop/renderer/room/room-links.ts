import type { Role } from '../../../signal/protocol/fields';
import type { JoinAddress } from '../../../signal/protocol/messages';

/** A link for people, and what its QR code says where that differs. */
export interface RoomLink {
  readonly url: string;
  /** Where a phone begins that does not trust the server's root yet; for its code. */
  readonly codeUrl: string;
}

/**
 * Makes the link of a role or an invitation: at the address where phones join, which works for
 * others too, else at the address that this console uses itself.
 * @param signalingOrigin `ws:` or `wss:`, of the server in use
 */
export function linkOf(
  role: Role,
  key: string,
  {
    joinAddress,
    signalingOrigin,
  }: {
    readonly joinAddress: JoinAddress | undefined;
    readonly signalingOrigin: string;
  },
): RoomLink {
  const origin =
    joinAddress === undefined
      ? signalingOrigin.replace(/^ws/u, 'http')
      : new URL(joinAddress.url).origin;
  const fragment = `#key=${key}`;
  const url = `${origin}${role === 'phone' ? '/stream' : '/live-streams'}${fragment}`;
  const trustUrl = role === 'phone' ? joinAddress?.trustUrl : undefined;
  return { url, codeUrl: trustUrl === undefined ? url : withFragment(trustUrl, fragment) };
}

function withFragment(url: string, fragment: string): string {
  return `${url.replace(/#.*$/u, '')}${fragment}`;
}
