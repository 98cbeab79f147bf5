import type {
  FoundServers,
  KeptKey,
  ServerState,
  TrustDecision,
  UseServerResult,
} from '../../bridge/contract';

/** Choosing the server; only where the place the console runs in allows it. */
export interface ServerSwitch {
  /** The remote address last used; null when there was none. */
  getRemoteAddress(): Promise<string | null>;
  useEmbeddedServer(): Promise<UseServerResult>;
  useRemoteServer(address: string): Promise<UseServerResult>;
  /** Remembers that the operator trusts this root at this address, and joins the server there. */
  trustRemoteServer(decision: TrustDecision): Promise<UseServerResult>;
  /** Joins a server of the list of those found. */
  useFoundServer(id: string): Promise<UseServerResult>;
  /** Calls back with the servers found on the network: soon, and at every change. */
  watchFoundServers(listener: (found: FoundServers) => void): () => void;
}

/**
 * What the place the console runs in can do. Chosen once at the start; nothing else asks whether
 * this is Electron or a browser.
 */
export interface Host {
  /** Calls back with where signaling is to be found: now or soon, and at every change. */
  watchServer(listener: (state: ServerState) => void): () => void;
  /** Remembers a key that a server has accepted or renewed, for the next start or reload. */
  keepKey(kept: KeptKey): void;
  /** Calls back when the window is hidden or shown without the document saying so. */
  watchWindow(listener: (isShown: boolean) => void): () => void;
  /** Absent where the console belongs to one server. */
  readonly serverSwitch: ServerSwitch | undefined;
}
