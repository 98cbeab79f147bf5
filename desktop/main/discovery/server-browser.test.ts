/** Announcing and finding for real: mDNS by multicast on the loopback network of this machine. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Announcer } from '../../../signal/server/discovery/announcer';
import { silentLog } from '../testing/stub-server';
import type { FoundServer } from './found-servers';
import { ServerBrowser } from './server-browser';

const LOOPBACK = '127.0.0.1';
const fingerprint = Array.from({ length: 32 }, () => 'C4').join(':');
const quiet = { info: () => undefined, warn: () => undefined };

/** Others may announce themselves on this machine too. */
const uniqueName = (): string => `Test ${randomBytes(4).toString('hex')}`;

function announce(name: string, port = 8443, addresses = [LOOPBACK]): Announcer {
  const announcer = new Announcer({
    announcement: { name, isSecure: true, fingerprint, version: '0.1.0' },
    port,
    addresses: () => addresses,
    logger: quiet,
  });
  onTestFinished(() => announcer.close());
  return announcer;
}

function browse(log = silentLog): ServerBrowser {
  const browser = new ServerBrowser({ log, addresses: () => [LOOPBACK] });
  onTestFinished(() => browser.close());
  browser.start();
  return browser;
}

const seen = (browser: ServerBrowser, name: string): FoundServer | undefined =>
  browser.servers.find((server) => server.name === name);

const untilSeen = (browser: ServerBrowser, name: string): Promise<FoundServer> =>
  vi.waitUntil(() => seen(browser, name), { timeout: 4_000 });

describe('ServerBrowser', () => {
  it('finds a server that was there before, with all it says', async () => {
    const name = uniqueName();
    announce(name, 9443);
    const found = await untilSeen(browse(), name);
    expect(found).toMatchObject({ name, port: 9443, isSecure: true, fingerprint });
    expect(found.host).toMatch(/^\d+\.\d+\.\d+\.\d+$/u);
  });

  it('hears a server that starts later, and its goodbye, and tells of both', async () => {
    const browser = browse();
    const onChanged = vi.fn();
    browser.onChanged(onChanged);
    const name = uniqueName();
    const announcer = announce(name);
    await untilSeen(browser, name);
    expect(onChanged).toHaveBeenCalled();
    onChanged.mockClear();
    await announcer.close();
    await announcer.close();
    await vi.waitUntil(() => seen(browser, name) === undefined, { timeout: 4_000 });
    expect(onChanged).toHaveBeenCalled();
  });

  it('tells two servers of one name apart', async () => {
    const browser = browse();
    const name = uniqueName();
    announce(name, 1111);
    announce(name, 2222);
    const ports = () => browser.servers.filter((one) => one.name === name).map(({ port }) => port);
    await vi.waitUntil(() => ports().length === 2, { timeout: 4_000 });
    expect(ports().sort()).toEqual([1111, 2222]);
  });

  it('hears nothing once closed', async () => {
    const browser = browse();
    browser.close();
    browser.close();
    const name = uniqueName();
    announce(name);
    await untilSeen(browse(), name);
    expect(seen(browser, name)).toBeUndefined();
  });

  it('says once that a network has no multicast, and lives on', async () => {
    const warn = vi.fn();
    const missing = () => ['203.0.113.77'];
    const browser = new ServerBrowser({ log: { ...silentLog, warn }, addresses: missing });
    onTestFinished(() => browser.close());
    browser.start();
    const announcer = new Announcer({
      announcement: { name: 'Nowhere', isSecure: false, fingerprint: undefined, version: '1' },
      port: 1,
      addresses: missing,
      logger: { ...quiet, warn },
    });
    onTestFinished(() => announcer.close());
    await vi.waitUntil(() => warn.mock.calls.length === 2, { timeout: 4_000 });
  });
});
