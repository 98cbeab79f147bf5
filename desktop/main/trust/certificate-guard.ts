/**
 * Holds Chromium to the pin of the server in use; everything else is left to Chromium, which
 * refuses what the system does not trust.
 *
 * Chromium keeps the outcome of its certificate check for half an hour, by host name and
 * certificates, and nothing clears that: a refusal there would outlive the operator's consent. So
 * the check only ever answers "unknown authority" for the pinned host, and each connection is then
 * decided by `certificate-error`, which names host and port and is kept nowhere.
 */
import { app, type Session } from 'electron';
import type { Log } from '../log';
import { sentChain } from './certificate-chain';
import { judgeChain } from './judge-chain';
import { isPinned, isPinnedHost, type Pin } from './pin';

/** Answers of `setCertificateVerifyProc`: Chromium's own verdict, and `ERR_CERT_AUTHORITY_INVALID`. */
const CHROMIUM_DECIDES = -3;
const AUTHORITY_INVALID = -202;

/** What the guard needs from outside. */
export interface CertificateGuardOptions {
  session: Session;
  /** The pin in force now. */
  pin: () => Pin | undefined;
  /** Called when the pinned server shows certificates that do not hold. */
  onRefused: () => void;
  log: Log;
}

/** Puts the guard in place for as long as the app runs. */
export function guardCertificates(options: CertificateGuardOptions): void {
  const { session, pin, onRefused, log } = options;
  session.setCertificateVerifyProc((request, answer) => {
    answer(isPinnedHost(pin(), request.hostname) ? AUTHORITY_INVALID : CHROMIUM_DECIDES);
  });
  app.on('certificate-error', (event, _contents, url, error, certificate, answer) => {
    event.preventDefault();
    const pinned = pin();
    const host = hostOf(url);
    if (!isPinned(pinned, url)) {
      log.warn(`refused the certificate of ${host}: ${error}`);
      answer(false);
      return;
    }
    const { rootFingerprint, hostname } = pinned;
    const chain = sentChain(certificate);
    const fault = judgeChain(chain, { rootFingerprint, host: hostname, nowMs: Date.now() });
    answer(fault === undefined);
    if (fault !== undefined) {
      log.warn(`refused the certificate of ${host}: ${fault}`);
      onRefused();
    }
  });
}

/** The path of an address may hold an id; the log needs only the host. */
function hostOf(url: string): string {
  return /^[a-z]+:\/\/([^/?#]*)/iu.exec(url)?.[1] ?? 'an unnamed host';
}
