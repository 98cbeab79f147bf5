import type { FoundServers } from '../../bridge/contract';
import type { FoundServer } from './found-servers';

/** What the list depends on. */
export interface FoundListFacts {
  readonly servers: readonly FoundServer[];
  /** All addresses of this machine. */
  readonly ownAddresses: readonly string[];
  /** Port of the embedded server; undefined while it does not run. */
  readonly ownPort: number | undefined;
  /** Whether the operator trusts this root. */
  readonly isTrusted: (fingerprint: string) => boolean;
}

/** The servers found, as the page is told of them; the console's own server is not one of them. */
export function foundList(facts: FoundListFacts): FoundServers {
  const { servers, ownAddresses, ownPort, isTrusted } = facts;
  return {
    isLooking: true,
    servers: servers
      .filter(({ host, port }) => port !== ownPort || !ownAddresses.includes(host))
      .map(({ id, name, host, port, isSecure, fingerprint }) => ({
        id,
        name,
        address: `${host}:${port}`,
        isSecure,
        isKnown: isSecure && fingerprint !== undefined && isTrusted(fingerprint),
      })),
  };
}
