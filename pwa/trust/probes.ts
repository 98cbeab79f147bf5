/** The checks as a browser makes them. Each ends by itself, and at once when it is abandoned. */
import * as v from 'valibot';
import { endpointOf } from '../../signal/client/origin';
import { SUBPROTOCOL } from '../../signal/protocol/limits';
import { randomId } from '../../signal/protocol/random-id';
import { trustFactsSchema, type TrustFacts } from '../../signal/protocol/trust-facts';
import type { Finding } from './checks';

/** Far above what a LAN takes; a phone that just changed its network needs some of it. */
const PATIENCE_MS = 8_000;

/** What a run of the checks asks. None of them rejects. */
export interface Probes {
  /** What the server says of itself; undefined when it does not answer. */
  facts(signal: AbortSignal): Promise<TrustFacts | undefined>;
  /** Whether the secure page answers; asked only when the server is known to be up. */
  page(secureOrigin: string, signal: AbortSignal): Promise<Finding>;
  /** Whether the secure WebSocket opens. */
  socket(secureOrigin: string, signal: AbortSignal): Promise<Finding>;
  /** Whether the service worker can be registered; only on the secure page. */
  worker(signal: AbortSignal): Promise<Finding>;
}

/** The probes of this browser. */
export function browserProbes(patienceMs = PATIENCE_MS): Probes {
  return {
    async facts(signal) {
      const answer = await getJson('/trust.json', signal, patienceMs);
      const parsed = v.safeParse(trustFactsSchema, answer?.json);
      return parsed.success ? parsed.output : undefined;
    },
    async page(secureOrigin, signal) {
      const answer = await getJson(`${secureOrigin}/healthz`, signal, patienceMs);
      if (answer === undefined) return 'refused';
      return answer.isOk ? 'passed' : 'broken';
    },
    socket: (secureOrigin, signal) =>
      probeSocket(secureOrigin.replace(/^http/u, 'ws'), signal, patienceMs),
    worker: (signal) => within(registerWorker(), 'broken', signal, patienceMs),
  };
}

interface JsonAnswer {
  readonly isOk: boolean;
  readonly json: unknown;
}

/** Undefined when there was no answer that this page may read. */
async function getJson(
  url: string,
  signal: AbortSignal,
  patienceMs: number,
): Promise<JsonAnswer | undefined> {
  // No AbortSignal.any or AbortSignal.timeout: old phones have neither.
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const timer = setTimeout(stop, patienceMs);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    const options = { cache: 'no-store', credentials: 'omit', signal: controller.signal } as const;
    const response = await fetch(url, options);
    const json: unknown = await response.json();
    return { isOk: response.ok, json };
  } catch {
    // Browsers say no more than that it failed: a page is not told about certificates.
    return undefined;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/** Opened is enough: it is closed before it says `hello`, so nobody is counted. */
function probeSocket(origin: string, signal: AbortSignal, patienceMs: number): Promise<Finding> {
  return new Promise((resolve) => {
    let socket: WebSocket;
    try {
      socket = new WebSocket(endpointOf(origin, randomId(), 'viewer'), SUBPROTOCOL);
    } catch {
      // Forbidden before it was tried, such as by a setting of the browser.
      resolve('refused');
      return;
    }
    const end = (finding: Finding): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abandon);
      socket.onopen = null;
      socket.onclose = null;
      socket.close();
      resolve(finding);
    };
    const abandon = (): void => end('refused');
    const timer = setTimeout(abandon, patienceMs);
    signal.addEventListener('abort', abandon);
    socket.onopen = () => end('passed');
    socket.onclose = abandon;
    if (signal.aborted) abandon();
  });
}

/** The same worker as the camera page's, so that nothing is left behind that is not wanted there. */
async function registerWorker(): Promise<Finding> {
  const container: ServiceWorkerContainer | undefined =
    'serviceWorker' in navigator ? navigator.serviceWorker : undefined;
  if (container === undefined) return 'unsupported';
  try {
    const known = await container.getRegistration('/stream');
    // Registering a known one again asks nobody; an update has to fetch it.
    if (known === undefined) await container.register('/sw.js', { scope: '/stream' });
    else await known.update();
    return 'passed';
  } catch (error) {
    // Chromium's word for a certificate that was only waved through (w3c/ServiceWorker#1514).
    if (error instanceof DOMException && error.name === 'SecurityError') return 'refused';
    // Others use other words. If the page itself may have the file, it is the browser that refuses.
    return (await isServed('/sw.js')) ? 'refused' : 'broken';
  }
}

async function isServed(url: string): Promise<boolean> {
  return fetch(url, { cache: 'no-store' }).then(
    (response) => response.ok,
    () => false,
  );
}

/** For what cannot be told to stop. */
function within(
  work: Promise<Finding>,
  otherwise: Finding,
  signal: AbortSignal,
  patienceMs: number,
): Promise<Finding> {
  return new Promise((resolve, reject) => {
    const end = (finding: Finding): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      resolve(finding);
    };
    const giveUp = (): void => end(otherwise);
    const timer = setTimeout(giveUp, patienceMs);
    signal.addEventListener('abort', giveUp);
    work.then(end, reject);
    if (signal.aborted) giveUp();
  });
}
