/** Runs asynchronous tasks one after the other, so that negotiation steps never interleave. */
export class SerialTasks {
  #last: Promise<void> = Promise.resolve();

  /**
   * Adds a task; it starts when all earlier ones are done. What it throws goes to `onError`, and
   * the next task runs all the same. A task that never settles holds up all later ones: operations
   * of a closed `RTCPeerConnection` do not settle, so each connection has a queue of its own.
   */
  add(task: () => Promise<void>, onError: (error: unknown) => void): void {
    const reported = this.#last.then(task).catch(onError);
    this.#last = reported.catch((error: unknown) => {
      // What the error listener itself throws is a bug; it must show, but hold nothing up.
      queueMicrotask(() => {
        throw error;
      });
    });
  }
}
