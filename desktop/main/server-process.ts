/** How the supervisor sees one running server process; `utility-server.ts` makes real ones. */

/** A server process that has been started. */
export interface ServerProcess {
  /** Asks it to tell its clients and end by itself. */
  requestShutdown: () => void;
  /** Ends it at once. */
  kill: () => void;
}

/** What a server process reports, each called as often as it happens. */
export interface ServerProcessEvents {
  /** One line of standard output. */
  onOutput: (line: string) => void;
  /** One line of standard error: the server's log, or why it refuses to start. */
  onErrorOutput: (line: string) => void;
  /** The process is gone; called exactly once, and last. */
  onExit: (code: number) => void;
}

/** Starts a server process with these arguments. */
export type LaunchServer = (args: string[], events: ServerProcessEvents) => ServerProcess;
