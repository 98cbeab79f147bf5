import { utilityProcess } from 'electron';
import { createLineReader } from './line-reader';
import type { LaunchServer } from './server-process';

/**
 * Runs the headless server's own bundle as a utility process: a burst of signaling then never
 * holds up the window, and a crash of one does not take the other along.
 */
export function utilityServer(bundle: string): LaunchServer {
  return (args, events) => {
    const child = utilityProcess.fork(bundle, args, {
      stdio: 'pipe',
      serviceName: 'Sightline server',
    });
    const readOutput = createLineReader(events.onOutput);
    const readErrors = createLineReader(events.onErrorOutput);
    child.stdout?.on('data', (chunk: Buffer) => readOutput(chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => readErrors(chunk.toString()));
    child.once('exit', (code) => events.onExit(code));
    return {
      requestShutdown: () => child.postMessage({ type: 'shutdown' }),
      kill: () => void child.kill(),
    };
  };
}
