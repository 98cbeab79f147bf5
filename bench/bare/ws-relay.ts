/**
 * The least that can relay: `ws`, a map of sockets and eight bytes that name the receiver. What it
 * passes on it never reads. Clients connect to `/ID`; a message to `********` goes to everybody.
 *
 * Built into one file, as the server is; it prints one line of JSON when it is ready.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { parseArgs } from 'node:util';
import { WebSocketServer, type WebSocket } from 'ws';

/** Bytes that name the receiver. */
const ADDRESS_BYTES = 8;

const { values } = parseArgs({ options: { cert: { type: 'string' }, key: { type: 'string' } } });
const { cert, key } = values;
const server =
  cert === undefined || key === undefined
    ? createServer()
    : createSecureServer({ cert: readFileSync(cert), key: readFileSync(key) });
const sockets = new Map<string, WebSocket>();

new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false }).on(
  'connection',
  (socket, request) => {
    const id = (request.url ?? '').slice(1);
    sockets.set(id, socket);
    socket.on('message', (data: Buffer) => {
      const to = data.toString('latin1', 0, ADDRESS_BYTES);
      if (to === '********') for (const each of sockets.values()) each.send(data);
      else sockets.get(to)?.send(data);
    });
    socket.on('close', () => sockets.delete(id));
    socket.on('error', () => socket.terminate());
  },
);
server.listen({ host: '127.0.0.1', port: 0 }, () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  process.stdout.write(`${JSON.stringify({ event: 'ready', port })}\n`);
});
