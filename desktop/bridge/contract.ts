/**
 * Everything the console's page may ask of Electron, defined once. The main process checks every
 * argument against these schemas; the preload script exposes them as `window.sightline`.
 */
import * as v from 'valibot';
import { secretSchema } from '../../signal/protocol/fields';

/** A Sightline server's signalling origin, such as `ws://127.0.0.1:8443`; no path, no query. */
export const serverOriginSchema = v.pipe(
  v.string(),
  v.maxLength(300),
  v.regex(/^wss?:\/\/[^/?#\s]+$/u),
);

/**
 * What a person typed as the address of a server elsewhere; a whole link of a console with its key
 * will do. A host name of 253 characters and the longest key fit.
 */
export const addressInputSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(450));

/** SHA-256 of a certificate: upper-case hex with colons, as OpenSSL and phones show it. */
export const fingerprintSchema = v.pipe(v.string(), v.regex(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/u));

/** A certificate that only the operator can vouch for, by comparing its fingerprint. */
export const trustQuestionSchema = v.object({
  /** Address of the server, as it was asked for. */
  address: addressInputSchema,
  /** Who the certificate says it belongs to; like all it says, not proven yet. */
  certificateName: v.pipe(v.string(), v.maxLength(300)),
  /** Fingerprint of the root that the server shows. */
  fingerprint: fingerprintSchema,
  /** What was trusted at this address before; a question that has it is a warning. */
  previousFingerprint: v.optional(fingerprintSchema),
});

/** The servers that announce themselves on the network. Their words are unproven until joined. */
export const foundServersSchema = v.object({
  /** False where looking was switched off. */
  isLooking: v.boolean(),
  servers: v.array(
    v.object({
      /** Its name on the network, the same for as long as it announces itself. */
      id: v.pipe(v.string(), v.minLength(1), v.maxLength(400)),
      name: v.string(),
      /** Host and port, such as `192.168.1.20:8443`. */
      address: addressInputSchema,
      isSecure: v.boolean(),
      /** Whether the operator trusts the root it announces. */
      isKnown: v.boolean(),
    }),
  ),
});

/** Where the console should find its signalling, as the main process sees it. */
export const serverStateSchema = v.variant('state', [
  v.object({ state: v.literal('starting'), kind: v.picklist(['embedded', 'remote']) }),
  v.object({
    state: v.literal('ready'),
    kind: v.picklist(['embedded', 'remote']),
    origin: serverOriginSchema,
    /** A plain sentence the operator should see, such as that another port had to be taken. */
    notice: v.optional(v.string()),
    /** Fingerprint of the root that this server has to show; absent where the system decides. */
    rootFingerprint: v.optional(fingerprintSchema),
    /** Key that lets the console in; absent where none is known, or none is needed. */
    key: v.optional(secretSchema),
  }),
  v.object({
    state: v.literal('failed'),
    kind: v.picklist(['embedded', 'remote']),
    /** One plain sentence that says what to do next. */
    message: v.string(),
    /** Present where the operator's trust in a certificate would help. */
    trust: v.optional(trustQuestionSchema),
  }),
]);

/** Outcome of asking for another server. A refusal changes nothing. */
export const useServerResultSchema = v.variant('ok', [
  v.object({ ok: v.literal(true) }),
  v.object({
    ok: v.literal(false),
    message: v.string(),
    /** Present where the operator's trust in a certificate would help. */
    trust: v.optional(trustQuestionSchema),
  }),
]);

/** What the operator has compared and trusts: this root at this address. */
export const trustDecisionSchema = v.object({
  address: addressInputSchema,
  fingerprint: fingerprintSchema,
});

/** A key to remember for the server in use. */
export const keptKeySchema = v.object({ origin: serverOriginSchema, key: secretSchema });

/** Requests: channel name to its argument and answer. */
export const requests = {
  'server:get-state': { argument: v.undefined(), answer: serverStateSchema },
  'server:get-remote-address': { argument: v.undefined(), answer: v.nullable(v.string()) },
  'server:use-embedded': { argument: v.undefined(), answer: useServerResultSchema },
  'server:use-remote': { argument: addressInputSchema, answer: useServerResultSchema },
  'server:trust-remote': { argument: trustDecisionSchema, answer: useServerResultSchema },
  'server:keep-key': { argument: keptKeySchema, answer: v.boolean() },
  'servers:get-found': { argument: v.undefined(), answer: foundServersSchema },
  'servers:use-found': {
    argument: v.pipe(v.string(), v.minLength(1), v.maxLength(400)),
    answer: useServerResultSchema,
  },
} as const;

/** Events from the main process: channel name to what it carries. */
export const events = {
  'server:state-changed': serverStateSchema,
  'servers:found-changed': foundServersSchema,
  /** Whether the window can be seen: it is neither minimized nor hidden. */
  'window:shown-changed': v.boolean(),
} as const;

export type ServerState = v.InferOutput<typeof serverStateSchema>;
export type TrustQuestion = v.InferOutput<typeof trustQuestionSchema>;
export type TrustDecision = v.InferOutput<typeof trustDecisionSchema>;
export type KeptKey = v.InferOutput<typeof keptKeySchema>;
export type FoundServers = v.InferOutput<typeof foundServersSchema>;
export type FoundServer = FoundServers['servers'][number];
export type UseServerResult = v.InferOutput<typeof useServerResultSchema>;

/** `window.sightline`: absent in a plain browser. */
export interface DesktopApi {
  getServerState(): Promise<ServerState>;
  /** The remote address last used, without a key, to fill the address field; null when there was none. */
  getRemoteAddress(): Promise<string | null>;
  useEmbeddedServer(): Promise<UseServerResult>;
  useRemoteServer(address: string): Promise<UseServerResult>;
  /** Remembers that the operator trusts this root at this address, and joins the server there. */
  trustRemoteServer(decision: TrustDecision): Promise<UseServerResult>;
  /**
   * Remembers the key of the server in use: one that the server has renewed, or that a person has
   * typed and the server has taken. The state carries it from now on; no change is announced.
   *
   * @returns false when another server is in use by now, and nothing was kept.
   */
  keepServerKey(kept: KeptKey): Promise<boolean>;
  /** The servers that announce themselves now. */
  getFoundServers(): Promise<FoundServers>;
  /** Joins one of them by its id. */
  useFoundServer(id: string): Promise<UseServerResult>;
  /** Calls back on every change; returns the way to stop. */
  onServerStateChanged(listener: (state: ServerState) => void): () => void;
  /** Calls back whenever a server is found, changes or is gone; returns the way to stop. */
  onFoundServersChanged(listener: (found: FoundServers) => void): () => void;
  /**
   * Calls back when the window is minimized or hidden, and when it shows again; the document does
   * not say so where throttling in the background is off. Returns the way to stop.
   */
  onWindowShownChanged(listener: (isShown: boolean) => void): () => void;
}
