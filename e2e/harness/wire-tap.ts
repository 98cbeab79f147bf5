/** A way to a server that remembers what was sent to and by it, byte by byte. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Stage } from './stage';

/** See the head of this file. */
export interface WireTap {
  /** Port on this machine to go to instead of the server's own. */
  readonly port: number;
  /** Everything sent so far. What browsers send by WebSocket is masked, and so unreadable here. */
  sent(): string;
  /** Everything that the server has answered so far. */
  received(): string;
}

/** Opens a way that ends with the stage. */
export async function tapWire(stage: Stage, serverPort: number): Promise<WireTap> {
  const sent: Buffer[] = [];
  const received: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(serverPort, '127.0.0.1');
    for (const end of [socket, onward]) {
      sockets.add(end);
      end.on('close', () => {
        sockets.delete(end);
        socket.destroy();
        onward.destroy();
      });
      // Either end may break off; the other then does, too.
      end.on('error', () => end.destroy());
    }
    socket.on('data', (chunk: Buffer) => sent.push(chunk));
    onward.on('data', (chunk: Buffer) => received.push(chunk));
    socket.pipe(onward).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stage.own({
    name: 'wire tap',
    async close() {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  });
  const { port } = server.address() as AddressInfo;
  return { port, sent: () => textOf(sent), received: () => textOf(received) };
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('latin1');
}
