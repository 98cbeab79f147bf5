/**
 * Looks at a server's certificates before anybody trusts them: a TLS handshake that accepts all,
 * over which nothing but the question "are you one of ours" is asked, and only by the caller's
 * leave. Never by Chromium, which would only say "unknown authority".
 */
import type { X509Certificate } from 'node:crypto';
import { request } from 'node:http';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { isHealthReport } from '../server-probe';
import { peerChain } from './certificate-chain';

/** Time a server in the building has for each answer, in milliseconds. */
const LOOK_TIMEOUT_MS = 4_000;

/** A health report takes about 120 bytes. */
const MAX_REPORT_BYTES = 16 * 1024;

/** An open connection to a server whose certificates have not been judged. */
export interface SecureLook {
  /** What the server sent, its own certificate first. */
  readonly chain: readonly X509Certificate[];
  /** Asks, over this very connection, whether a Sightline server is there and serves. */
  isSightline(): Promise<boolean>;
  /** Ends the connection. Idempotent. */
  close(): void;
}

/** Looks at a host (a URL's, so IPv6 in brackets) and port; undefined where nobody speaks TLS. */
export type LookAtServer = (host: string, port: number) => Promise<SecureLook | undefined>;

/** The real `LookAtServer`. */
export async function lookAtServer(host: string, port: number): Promise<SecureLook | undefined> {
  const socket = await handshake(host.replace(/^\[(.*)\]$/u, '$1'), port);
  if (socket === undefined) return undefined;
  return {
    chain: peerChain(socket.getPeerCertificate(true)),
    isSightline: () => isSightline(socket, `${host}:${port}`),
    close: () => socket.destroy(),
  };
}

function handshake(host: string, port: number): Promise<TLSSocket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      // The caller judges the chain; Node could only say that it does not know its root.
      rejectUnauthorized: false,
      // A name is asked for, an address never is (RFC 6066, section 3).
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const giveUp = (): void => {
      socket.destroy();
      resolve(undefined);
    };
    const timer = setTimeout(giveUp, LOOK_TIMEOUT_MS);
    // Refused, unreachable, not TLS, or broken off later: in each case nobody to join.
    socket.on('error', giveUp);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

function isSightline(socket: TLSSocket, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({
      createConnection: () => socket,
      path: '/healthz',
      headers: { host, connection: 'close' },
    });
    const timer = setTimeout(() => asked.destroy(), LOOK_TIMEOUT_MS);
    const answer = (isOne: boolean): void => {
      clearTimeout(timer);
      asked.destroy();
      resolve(isOne);
    };
    asked.once('response', (response) => {
      let report = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        report += chunk;
        if (report.length > MAX_REPORT_BYTES) answer(false);
      });
      response.on('error', () => answer(false));
      response.once('end', () => answer(response.statusCode === 200 && isHealthReport(report)));
    });
    // The connection broke off or the time is over: nobody who serves.
    asked.on('error', () => answer(false));
    asked.once('close', () => answer(false));
    asked.end();
  });
}
