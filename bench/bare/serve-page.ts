import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Stage } from '../../e2e/harness/stage';

/** Serves bare pages on this machine until the stage ends; resolves with the address, slash and all. */
export async function servePage(stage: Stage, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  stage.own({
    name: 'bare page server',
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/`;
}
