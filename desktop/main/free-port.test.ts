import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isPortFree } from './free-port';

describe('isPortFree', () => {
  it('sees a port that is taken, and that it is free again', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    expect(await isPortFree(port, '127.0.0.1')).toBe(false);
    await new Promise((resolve) => holder.close(resolve));
    expect(await isPortFree(port, '127.0.0.1')).toBe(true);
  });

  it('can always pick one', async () => {
    expect(await isPortFree(0, undefined)).toBe(true);
  });
});
