import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveTls, testAuthority } from '../testing/certificates';
import { lookAtServer } from './secure-look';

const authority = testAuthority();

describe('lookAtServer', () => {
  it('sees the whole chain of a server nobody trusts, and whether it is one of ours', async () => {
    const leaf = authority.leaf(['127.0.0.1']);
    const look = await lookAtServer('127.0.0.1', await serveTls(leaf, [authority.root]));
    expect(look?.chain.map(({ fingerprint256 }) => fingerprint256)).toEqual([
      leaf.certificate.fingerprint256,
      authority.fingerprint,
    ]);
    expect(await look?.isSightline()).toBe(true);
    look?.close();
    look?.close();
  });

  it.each(['<html></html>', '{"status":"ok"}', 'x'.repeat(50_000), ''])(
    'knows a stranger by its answer (%#)',
    async (answer) => {
      const leaf = authority.leaf(['127.0.0.1']);
      const look = await lookAtServer('127.0.0.1', await serveTls(leaf, [], answer));
      expect(await look?.isSightline()).toBe(false);
      look?.close();
    },
  );

  it('finds nobody where no TLS is spoken, and nobody where nobody listens', async () => {
    const plain = createServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    expect(await lookAtServer('127.0.0.1', port)).toBeUndefined();
    await new Promise((resolve) => plain.close(resolve));
    expect(await lookAtServer('127.0.0.1', port)).toBeUndefined();
  });

  it('does not wait for ever for one that goes silent in the middle', async () => {
    const leaf = authority.leaf(['127.0.0.1']);
    const port = await serveTls(leaf, []);
    const look = await lookAtServer('127.0.0.1', port);
    onTestFinished(() => look?.close());
    const asked = look?.isSightline();
    look?.close();
    expect(await asked).toBe(false);
  });
});
