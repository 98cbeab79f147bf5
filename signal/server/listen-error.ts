/** Why the server could not listen, in a sentence that says what to do. */
export class ListenError extends Error {
  readonly code: string;

  /** @param portOption - the option by which this port is chosen */
  constructor(cause: NodeJS.ErrnoException, host: string, port: number, portOption = '--port') {
    super(sentenceOf(cause, host, port, portOption), { cause });
    this.name = 'ListenError';
    this.code = cause.code ?? 'UNKNOWN';
  }
}

function sentenceOf(
  cause: NodeJS.ErrnoException,
  host: string,
  port: number,
  portOption: string,
): string {
  switch (cause.code) {
    case 'EADDRINUSE':
      return `Port ${port} is already in use; stop the other program or choose another with ${portOption} (0 picks a free one).`;
    case 'EACCES':
      return `This user may not listen on port ${port}; choose one above 1023 with ${portOption}.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine; choose another with --host.`;
    default:
      return `Cannot listen on ${host} port ${port} (${cause.message}); choose others with --host and ${portOption}.`;
  }
}
