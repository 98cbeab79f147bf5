/** Certificates as our servers make them, and a TLS server that shows them. For tests only. */
import { generateKeyPairSync, type KeyObject, type X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { issueLeaf, issueRoot } from '../../../signal/server/tls/issue-certificate';
import { constraintsFor } from '../../../signal/server/tls/name-constraints';

/** A root with its key. */
export interface TestAuthority {
  root: X509Certificate;
  fingerprint: string;
  /** Makes a server's certificate; begins the day before `nowMs`. */
  leaf: (hosts: string[], nowMs?: number) => TestLeaf;
}

/** A server's certificate with its key. */
export interface TestLeaf {
  certificate: X509Certificate;
  key: KeyObject;
}

/** Makes a root of its own. */
export function testAuthority(machine = 'desk', nowMs = Date.now()): TestAuthority {
  const rootKey = newKey();
  const constraints = constraintsFor(machine);
  const root = issueRoot({ key: rootKey, machine, constraints, nowMs });
  return {
    root,
    fingerprint: root.fingerprint256,
    leaf(hosts, leafNowMs = nowMs) {
      const key = newKey();
      return {
        key,
        certificate: issueLeaf({ root, rootKey, leafKey: key, hosts, nowMs: leafNowMs }),
      };
    },
  };
}

/** Serves this over TLS on 127.0.0.1 until the test ends; returns the port. */
export async function serveTls(
  { certificate, key }: TestLeaf,
  chain: X509Certificate[],
  answer = HEALTH,
): Promise<number> {
  const server = createServer(
    {
      cert: [certificate, ...chain].map(String).join(''),
      key: key.export({ type: 'pkcs8', format: 'pem' }),
    },
    (request, response) => {
      response.statusCode = request.url === '/healthz' ? 200 : 404;
      response.end(answer);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** What `/healthz` of a server that serves answers. */
export const HEALTH = JSON.stringify({ status: 'ok', version: '0.1.0', clients: 0, streams: 0 });

function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
}
