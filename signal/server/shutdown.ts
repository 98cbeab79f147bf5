/**
 * Who may ask the server to stop: the system by a signal, and Electron's main process by a message
 * (a utility process gets no signals on Windows).
 */
import * as v from 'valibot';

/** The message by which Electron's main process asks for an orderly end. */
const shutdownSchema = v.object({ data: v.object({ type: v.literal('shutdown') }) });

/** What we use of Electron's `process.parentPort`; absent in plain Node. */
interface ParentPort {
  on(event: 'message', listener: (message: unknown) => void): void;
}

/**
 * Calls back once, at the first request to stop; later ones change nothing, because a terminal's
 * Ctrl-C often arrives more than once.
 */
export function onShutdownRequest(listener: (source: string) => void): void {
  let isAsked = false;
  const ask = (source: string): void => {
    if (isAsked) return;
    isAsked = true;
    listener(source);
  };
  process.on('SIGTERM', () => ask('SIGTERM'));
  process.on('SIGINT', () => ask('SIGINT'));
  parentPortOf(process)?.on('message', (message) => {
    if (v.is(shutdownSchema, message)) ask('parent process');
  });
}

/** Finds the way to Electron's main process; undefined where there is none. */
export function parentPortOf(host: object): ParentPort | undefined {
  const port = 'parentPort' in host ? host.parentPort : undefined;
  return isParentPort(port) ? port : undefined;
}

function isParentPort(value: unknown): value is ParentPort {
  return (
    typeof value === 'object' && value !== null && 'on' in value && typeof value.on === 'function'
  );
}
