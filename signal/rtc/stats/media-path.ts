/**
 * The way media takes, from a viewer's `getStats` report: candidate types of both ends, protocols,
 * and whether a TURN server stands between them.
 *
 * A relay can hide behind a peer-reflexive candidate. The remote one: checks from the other end's
 * relay may arrive before its candidate is signaled; Chromium renames the candidate then, Firefox
 * keeps both under the same address. The local one: a relay's address as seen beyond a further NAT.
 */
import { present, readNumber, readText, type StatsEntry } from './stats-entry';

/** What is known of the way; absent is unknown. */
export interface MediaPath {
  /** `RTCIceCandidateType` of this end: `host`, `srflx`, `prflx` or `relay`. */
  readonly localCandidateType?: string;
  readonly remoteCandidateType?: string;
  /** Between the two candidates: `udp` or `tcp`. */
  readonly transportProtocol?: string;
  /** Between this end and its own TURN server: `udp`, `tcp` or `tls`. */
  readonly relayProtocol?: string;
  /** A TURN server passes the media on, at either end. */
  readonly isRelayed?: boolean;
}

/** Reads the way from all entries of a report by their ids. */
export function mediaPath(entries: ReadonlyMap<string, StatsEntry>): MediaPath {
  const all = [...entries.values()];
  const pair = selectedPair(entries);
  const local = entries.get(readText(pair, 'localCandidateId') ?? '');
  const remote = entries.get(readText(pair, 'remoteCandidateId') ?? '');
  return present({
    localCandidateType: readText(local, 'candidateType'),
    remoteCandidateType: readText(remote, 'candidateType'),
    transportProtocol: readText(local, 'protocol'),
    relayProtocol: readText(local, 'relayProtocol'),
    isRelayed: either(isLocalRelay(local), isRemoteRelay(remote, all)),
  });
}

/**
 * The pair that carries the media. The transport names it; where there is no transport, Firefox
 * marks the pair itself.
 */
export function selectedPair(entries: ReadonlyMap<string, StatsEntry>): StatsEntry | undefined {
  const all = [...entries.values()];
  const transport = all.find((entry) => entry['type'] === 'transport');
  const named = entries.get(readText(transport, 'selectedCandidatePairId') ?? '');
  return (
    named ?? all.find((entry) => entry['type'] === 'candidate-pair' && entry['selected'] === true)
  );
}

/** Only candidates of a TURN server have a relay protocol, the peer-reflexive ones too. */
function isLocalRelay(local: StatsEntry | undefined): boolean | undefined {
  const type = readText(local, 'candidateType');
  if (type === undefined) return undefined;
  return type === 'relay' || readText(local, 'relayProtocol') !== undefined;
}

function isRemoteRelay(
  remote: StatsEntry | undefined,
  all: readonly StatsEntry[],
): boolean | undefined {
  const type = readText(remote, 'candidateType');
  if (type !== 'prflx') return type === undefined ? undefined : type === 'relay';
  const signaled = all.filter(
    (entry) => entry !== remote && isSameAddress(entry, remote) && isSignaled(entry),
  );
  // Nothing is known of an address that was never signaled: a NAT's, or a relay's.
  if (signaled.length === 0) return undefined;
  return signaled.some((entry) => entry['candidateType'] === 'relay');
}

function isSignaled(entry: StatsEntry): boolean {
  return entry['type'] === 'remote-candidate' && entry['candidateType'] !== 'prflx';
}

function isSameAddress(one: StatsEntry, other: StatsEntry | undefined): boolean {
  const address = readText(one, 'address');
  // Browsers leave addresses empty that the page must not learn (webrtc-stats, `address`).
  if (address === undefined || address === '') return false;
  return (
    address === readText(other, 'address') &&
    readNumber(one, 'port') === readNumber(other, 'port') &&
    readText(one, 'protocol') === readText(other, 'protocol')
  );
}

/** True where one is, false where both are not, undefined where it cannot be told. */
function either(one: boolean | undefined, other: boolean | undefined): boolean | undefined {
  if (one === true || other === true) return true;
  return one === undefined || other === undefined ? undefined : false;
}
