import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isSightline } from './server-probe';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listening(status: number, body: string, location?: string): Promise<string> {
  const server = createServer((request, response) => {
    const isHealth = request.url === '/healthz';
    response.writeHead(isHealth ? status : 200, location === undefined ? {} : { location });
    response.end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const health = JSON.stringify({ status: 'ok', version: '0.1.0', clients: 0, streams: 0 });

describe('isSightline', () => {
  it('knows a server of ours that serves', async () => {
    const address = await listening(200, health);
    expect(await isSightline(`http://${address}/healthz`, fetch)).toBe(true);
  });

  it.each([
    ['another web server', 200, '<html></html>'],
    ['JSON of something else', 200, '{"status":"ok"}'],
    ['a server that is ending', 503, health],
  ])('refuses %s', async (_what, status, body) => {
    const address = await listening(status, body);
    expect(await isSightline(`http://${address}/healthz`, fetch)).toBe(false);
  });

  it('follows nobody elsewhere', async () => {
    const real = await listening(200, health);
    const address = await listening(302, '', `http://${real}/healthz`);
    expect(await isSightline(`http://${address}/healthz`, fetch)).toBe(false);
  });

  it('refuses an address where nobody is', async () => {
    const address = await listening(200, health);
    const server = servers.pop()!;
    await new Promise((resolve) => server.close(resolve));
    expect(await isSightline(`http://${address}/healthz`, fetch)).toBe(false);
  });
});
