/**
 * Finds the server behind an address and decides whether it may be joined: by the system's trust,
 * by a root the operator trusts at that address, or not before the operator has been asked.
 */
import type { TrustQuestion } from '../../bridge/contract';
import { isSightline, type Fetch, type ServerOrigin } from '../server-probe';
import { certificateName } from './certificate-chain';
import { judgeChain } from './judge-chain';
import type { LookAtServer, SecureLook } from './secure-look';
import type { TrustedServers } from './trusted-servers';
import {
  changedSentence,
  downgradeSentence,
  faultSentence,
  lyingSentence,
  nobodySentence,
  unknownSentence,
} from './trust-sentences';

/** What is to be found. */
export interface Wanted {
  /** As people know it; it goes into sentences. */
  address: string;
  /** What the address may mean, the better one first. */
  origins: readonly ServerOrigin[];
  /** Fingerprint that an announcement names; another certificate is then a lie. */
  announced?: string | undefined;
  /** Fingerprint that the operator has just compared; it is trusted from now on. */
  confirmed?: string | undefined;
}

/** What was found. */
export type Finding =
  | {
      isFound: true;
      origin: string;
      /** The root this server has to show from now on; undefined where the system decides. */
      rootFingerprint: string | undefined;
    }
  | {
      isFound: false;
      message: string;
      /** Present where the operator's trust would help. */
      trust?: TrustQuestion;
    };

/** What is needed from outside. */
export interface FindServerOptions {
  trusted: TrustedServers;
  /** Whether a key is kept for an origin such as `wss://desk:8443`: it was joined there before. */
  hasKey: (origin: string) => boolean;
  /** Trusts what the system trusts. */
  fetch: Fetch;
  lookAt: LookAtServer;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
}

/** Looks at all meanings of an address at once; the first that answers counts. */
export async function findServer(wanted: Wanted, options: FindServerOptions): Promise<Finding> {
  const { address, origins } = wanted;
  const findings = await Promise.all(
    origins.map((origin) =>
      isSecure(origin)
        ? findSecure(wanted, origin, options)
        : findPlain(origin.signaling, origin.health, options.fetch),
    ),
  );
  const index = findings.findIndex((finding) => finding !== undefined);
  const finding = findings[index];
  const origin = origins[index];
  if (finding === undefined || origin === undefined) {
    return { isFound: false, message: nobodySentence(address) };
  }
  const wasSecure = origins.some((other) => isSecure(other) && isKnown(other, options));
  // Whoever stands between could answer without TLS to get around the trusted root, or for the key.
  if (!isSecure(origin) && wasSecure) {
    return { isFound: false, message: downgradeSentence(address) };
  }
  return finding;
}

/** Whether a server was joined at this secure origin before, as far as that is remembered. */
function isKnown(origin: ServerOrigin, { trusted, hasKey }: FindServerOptions): boolean {
  return trusted.fingerprintAt(hostPortOf(origin)) !== undefined || hasKey(origin.signaling);
}

function isSecure({ health }: ServerOrigin): boolean {
  return health.startsWith('https:');
}

/** `host:port` of a secure origin, under which its root is remembered. */
export function hostPortOf({ health }: Pick<ServerOrigin, 'health'>): string {
  const { hostname, port } = new URL(health);
  return `${hostname}:${port === '' ? '443' : port}`;
}

async function findPlain(
  origin: string,
  health: string,
  fetch: Fetch,
): Promise<Finding | undefined> {
  const answers = await isSightline(health, fetch);
  return answers ? { isFound: true, origin, rootFingerprint: undefined } : undefined;
}

async function findSecure(
  wanted: Wanted,
  origin: ServerOrigin,
  options: FindServerOptions,
): Promise<Finding | undefined> {
  const { hostname, port } = new URL(origin.health);
  const look = await options.lookAt(hostname, port === '' ? 443 : Number(port));
  if (look === undefined) return undefined;
  try {
    return await judge(look, wanted, origin, options);
  } finally {
    look.close();
  }
}

async function judge(
  look: SecureLook,
  { address, announced, confirmed }: Wanted,
  origin: ServerOrigin,
  { trusted, fetch, nowMs }: FindServerOptions,
): Promise<Finding | undefined> {
  const root = look.chain.at(-1);
  if (root === undefined) return undefined;
  const fingerprint = root.fingerprint256;
  if (announced !== undefined && announced !== fingerprint) {
    return { isFound: false, message: lyingSentence(address) };
  }
  const hostPort = hostPortOf(origin);
  const previous = trusted.fingerprintAt(hostPort);
  const expected = confirmed ?? previous ?? knownRoot(announced, trusted);
  const found = { isFound: true as const, origin: origin.signaling };
  if (expected === undefined && (await isSightline(origin.health, fetch))) {
    return { ...found, rootFingerprint: undefined };
  }

  const facts = { host: new URL(origin.health).hostname, nowMs: nowMs() };
  const isExpected = look.chain.some(({ fingerprint256 }) => fingerprint256 === expected);
  const accepted = isExpected && expected !== undefined ? expected : fingerprint;
  const fault = judgeChain(look.chain, { ...facts, rootFingerprint: accepted });
  if (fault !== undefined) return { isFound: false, message: faultSentence(address, fault) };
  // Only now something is sent: what we ask is no secret, and strangers need not be trusted.
  if (!(await look.isSightline())) return undefined;
  if (isExpected) {
    trusted.trust(hostPort, accepted);
    return { ...found, rootFingerprint: accepted };
  }
  return {
    isFound: false,
    message: previous === undefined ? unknownSentence(address) : changedSentence(address),
    trust: {
      address,
      certificateName: certificateName(root),
      fingerprint,
      ...(previous === undefined ? {} : { previousFingerprint: previous }),
    },
  };
}

/** A server that the operator trusts at one address keeps that trust when its address changes. */
function knownRoot(announced: string | undefined, trusted: TrustedServers): string | undefined {
  return announced !== undefined && trusted.knows(announced) ? announced : undefined;
}
