/** What people are told of certificates; each sentence says what to do next. */
import type { ChainFault } from './judge-chain';

/** Certificates that no trust of the operator could mend. */
export function faultSentence(address: string, fault: ChainFault): string {
  return `The certificate of ${address} cannot be accepted: ${faults[fault]}`;
}

const faults: Record<ChainFault, string> = {
  'another-root': 'it comes from another root than the trusted one. Ask who runs that server.',
  'broken-chain': 'it is not really signed by the root it shows. Ask who runs that server.',
  'wrong-host':
    'it is for other names or addresses. Use an address that the server itself shows, or start it again.',
  expired: 'it has expired. Renew it on the server, and check this computer’s clock.',
  'not-yet-valid': 'it is not valid yet. Check the clocks of this computer and of the server.',
  'wrong-purpose': 'it is not meant for servers. Give the server another one.',
};

/** A root seen for the first time at this address. */
export function unknownSentence(address: string): string {
  return (
    `This computer does not know the certificate of ${address} yet. ` +
    'Compare its fingerprint with the one that server shows, then trust it.'
  );
}

/** Another root than the one the operator trusted. */
export function changedSentence(address: string): string {
  return (
    `The certificate of ${address} has changed since you trusted it, so it was not joined. ` +
    'Either the server was set up anew, or another computer poses as it.'
  );
}

/** An announcement that does not fit the server behind it. */
export function lyingSentence(address: string): string {
  return (
    `The server at ${address} does not hold the certificate that its announcement names, so it ` +
    'was not joined. Another computer may be posing as it; ask who runs that server.'
  );
}

/** A server that was joined by HTTPS and now speaks plain HTTP. */
export function downgradeSentence(address: string): string {
  return (
    `The server at ${address} was joined with encryption before and now answers without, so it ` +
    'was not joined. Turn its TLS on again, or write http:// before the address if you want that.'
  );
}

/** Nobody of ours there. */
export function nobodySentence(address: string): string {
  return `No Sightline server answers at ${address}. Check the address, and that the server runs.`;
}
