/**
 * Everything the console's page may ask of Electron, defined once. The main process checks every
 * argument against these schemas; the preload script exposes them as `window.sightline`.
 */
import * as v from 'valibot';

/** A Sightline server's signalling origin, such as `ws://127.0.0.1:8443`; no path, no query. */
export const serverOriginSchema = v.pipe(
  v.string(),
  v.maxLength(300),
  v.regex(/^wss?:\/\/[^/?#\s]+$/u),
);

/** What a person typed as the address of a server elsewhere. */
export const addressInputSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(300));

/** Where the console should find its signalling, as the main process sees it. */
export const serverStateSchema = v.variant('state', [
  v.object({ state: v.literal('starting'), kind: v.picklist(['embedded', 'remote']) }),
  v.object({
    state: v.literal('ready'),
    kind: v.picklist(['embedded', 'remote']),
    origin: serverOriginSchema,
    /** A plain sentence the operator should see, such as that another port had to be taken. */
    notice: v.optional(v.string()),
  }),
  v.object({
    state: v.literal('failed'),
    kind: v.picklist(['embedded', 'remote']),
    /** One plain sentence that says what to do next. */
    message: v.string(),
  }),
]);

/** Outcome of asking for another server. A refusal changes nothing. */
export const useServerResultSchema = v.variant('ok', [
  v.object({ ok: v.literal(true) }),
  v.object({ ok: v.literal(false), message: v.string() }),
]);

/** Requests: channel name to its argument and answer. */
export const requests = {
  'server:get-state': { argument: v.undefined(), answer: serverStateSchema },
  'server:get-remote-address': { argument: v.undefined(), answer: v.nullable(v.string()) },
  'server:use-embedded': { argument: v.undefined(), answer: useServerResultSchema },
  'server:use-remote': { argument: addressInputSchema, answer: useServerResultSchema },
} as const;

/** Events from the main process: channel name to what it carries. */
export const events = {
  'server:state-changed': serverStateSchema,
} as const;

export type ServerState = v.InferOutput<typeof serverStateSchema>;
export type UseServerResult = v.InferOutput<typeof useServerResultSchema>;

/** `window.sightline`: absent in a plain browser. */
export interface DesktopApi {
  getServerState(): Promise<ServerState>;
  /** The remote address last used, to fill the address field; null when there was none. */
  getRemoteAddress(): Promise<string | null>;
  useEmbeddedServer(): Promise<UseServerResult>;
  useRemoteServer(address: string): Promise<UseServerResult>;
  /** Calls back on every change; returns the way to stop. */
  onServerStateChanged(listener: (state: ServerState) => void): () => void;
}
