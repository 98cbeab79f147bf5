/** HTTP by hand, for what no client library would send. For tests only. */
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * Writes text to a port and reads until the server closes.
 * @returns all that came, `''` when it was cut off without a word
 */
export async function rawHttp(port: number, request: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(request);
  let answer = '';
  try {
    for await (const chunk of socket) answer += String(chunk);
  } catch (error) {
    // Cut off while it was still writing; what came before counts.
    if (!(error instanceof Error)) throw error;
  }
  return answer;
}

/** A request for this target, as it stands. */
export function requestFor(
  target: string,
  headers: readonly string[] = [],
  method = 'GET',
): string {
  return [`${method} ${target} HTTP/1.1`, 'Host: x', 'Connection: close', ...headers, '', ''].join(
    '\r\n',
  );
}
