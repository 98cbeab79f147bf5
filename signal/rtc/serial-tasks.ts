/** Runs asynchronous tasks one after the other, so that negotiation steps never interleave. */
export class SerialTasks {
  #last: Promise<void> = Promise.resolve();

  /**
   * Adds a task; it starts when all earlier ones are done. What it throws goes to `onError`, and
   * the next task runs all the same.
   */
  add(task: () => Promise<void>, onError: (error: unknown) => void): void {
    this.#last = this.#last.then(task).catch(onError);
  }
}
