/** How phones are let in: links with keys, what is left of them, and what is said to who has none. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './harness/browsers';
import { PhonePage } from './harness/phone-page';
import { startServer, type SignalServer } from './harness/signal-server';
import type { Stage } from './harness/stage';
import { useStage } from './harness/use-stage';
import { tapWire } from './harness/wire-tap';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';

const manifestSchema = v.object({ id: v.string(), start_url: v.string(), scope: v.string() });

describe.each(['stream', 'mobileStream'] as const)('the key of a link to %s', (kind) => {
  const stage = useStage('test');

  it('lets in, leaves the address, survives a reload, and is in no request', async () => {
    const server = await startServer(stage, { access: 'keys', options: ['--log-level', 'trace'] });
    const link = new URL(server.url(kind));
    const key = keyOf(link);
    const wire = await tapWire(stage, Number(link.port));
    link.host = `127.0.0.1:${wire.port}`;
    link.search = '?from=poster';

    const phone = await PhonePage.open(stage, link.href, { phone: 1, page: kind });
    await phone.start();
    expect(phone.page.url()).toBe(`${link.origin}${link.pathname}?from=poster`);
    expect(await historyHolds(phone, key)).toBe(false);

    await phone.page.reload();
    await phone.untilState('live');
    // Also where nothing can be resumed: a tab of its own has only what the device keeps.
    const other = await phone.page.context().newPage();
    await other.goto(`${link.origin}${link.pathname}`);
    await untilConnected(other);

    expect(wire.sent()).toContain(`GET ${link.pathname}?from=poster HTTP/1.1`);
    expect(wire.received()).toContain('HTTP/1.1 101');
    expect(wire.sent() + wire.received()).not.toContain(key);
    await server.stop();
    const log = await logOf(stage, server);
    expect(log).toContain('"level"');
    expect(log).not.toContain(key);
  });
});

describe.each(['stream', 'mobileStream'] as const)('a page of %s that is reloaded', (kind) => {
  const stage = useStage('test');

  it('before it has read its welcome is the same phone all the same', async () => {
    const server = await startServer(stage);
    const phone = await PhonePage.open(stage, server.url(kind), { phone: 1, page: kind });
    await untilConnected(phone.page);
    await phone.page.addInitScript(leaveAtFirstWelcome);
    await phone.page.reload();
    await phone.page.waitForFunction(() => sessionStorage.getItem('test-left') === 'twice');
    await phone.start();
    expect(await (await fetch(server.url('health'))).json()).toMatchObject({ clients: 1 });
  });
});

/**
 * Reloads the page in the moment its first welcome comes, which its scripts then never see, though
 * the browser has it. Runs inside a page.
 */
function leaveAtFirstWelcome(): void {
  const memory = 'test-left';
  if (sessionStorage.getItem(memory) !== null) {
    sessionStorage.setItem(memory, 'twice');
    return;
  }
  sessionStorage.setItem(memory, 'once');
  window.WebSocket = class extends WebSocket {
    constructor(...from: ConstructorParameters<typeof WebSocket>) {
      super(...from);
      this.addEventListener('message', (event) => {
        event.stopImmediatePropagation();
        // The answers to whatever the browser itself was asked are on their way by then.
        setTimeout(() => location.reload(), 50);
      });
    }
  };
}

describe('a phone without the right key', () => {
  const stage = useStage('file');
  let server: SignalServer;

  beforeAll(async () => {
    server = await startServer(stage, { access: 'keys' });
  });

  it.each(['stream', 'mobileStream'] as const)(
    'is told on %s where links come from, and joins by one that is pasted',
    async (kind) => {
      const link = new URL(server.url(kind));
      const phone = await PhonePage.open(stage, `${link.origin}${link.pathname}`, { phone: 2 });
      await phone.untilState('failed');
      const problem = phone.page.getByTestId('problem');
      await problem.getByText('Scan the code at the control room').waitFor();

      await phone.page.getByTestId('pasted-link').fill('http://127.0.0.1/stream');
      await phone.page.getByTestId('way-out').click();
      await problem.getByText('This is no link from a control room').waitFor();

      await phone.page.getByTestId('pasted-link').fill(link.href);
      await phone.page.getByTestId('way-out').click();
      await phone.page.getByTestId('start').waitFor();
      await phone.start();
      await stage.release('phone2');
    },
  );

  it.each(['stream', 'mobileStream'] as const)(
    'is told on %s that its link is not valid, and joins by another one in the same tab',
    async (kind) => {
      const link = new URL(server.url(kind));
      const page = `${link.origin}${link.pathname}`;
      const phone = await PhonePage.open(stage, `${page}#key=${'x'.repeat(22)}`, { phone: 3 });
      await phone.untilState('failed');
      await phone.page.getByText('This link does not let you in').waitFor();
      await phone.page.getByText('not valid any more').waitFor();
      expect(phone.page.url()).toBe(page);

      // Only the fragment differs, so the page is not loaded anew.
      await phone.page.evaluate(() => Reflect.set(window, 'survived', true));
      await phone.page.evaluate((hash) => window.location.assign(hash), link.hash);
      await phone.start();
      expect(await phone.page.evaluate(() => Reflect.get(window, 'survived') as unknown)).toBe(
        true,
      );
      expect(phone.page.url()).toBe(page);
      await stage.release('phone3');
    },
  );

  it('is told that the link of a console is none for phones', async () => {
    const { origin, pathname } = new URL(server.url('stream'));
    const key = keyOf(new URL(server.url('liveStreams')));
    const phone = await PhonePage.open(stage, `${origin}${pathname}#key=${key}`, { phone: 4 });
    await phone.untilState('failed');
    await phone.page.getByTestId('problem').getByText('This is a link for').waitFor();
    await stage.release('phone4');
  });
});

describe('the home screen of an iPhone', () => {
  const stage = useStage('test');

  it('starts with the key, as the same app', async () => {
    const server = await startServer(stage, { access: 'keys' });
    const link = new URL(server.url('stream'));
    const { context } = await openBrowser(stage, {
      name: 'iphone',
      context: { userAgent: IPHONE },
    });
    const page = await context.newPage();
    await page.goto(link.href);
    const session = await context.newCDPSession(page);
    const written = page.locator('link[rel="manifest"][href^="data:"]');
    await written.waitFor({ state: 'attached' });
    const { url, data, errors } = await session.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    expect(url).toMatch(/^data:application\/manifest\+json,/u);
    const manifest = v.parse(manifestSchema, JSON.parse(data ?? ''));
    expect(manifest).toEqual({ id: '/stream', start_url: link.href, scope: `${link.origin}/` });
    // What Chromium makes of it: the id belongs to the place where the app starts.
    const { appId } = await session.send('Page.getAppId');
    expect(appId).toBe(`${link.origin}/stream`);
    expect(await page.evaluate(() => window.sightlineProbe.violations)).toEqual([]);
  });
});

function keyOf(link: URL): string {
  const key = new URLSearchParams(link.hash.slice(1)).get('key') ?? '';
  expect(key).toMatch(/^[\w-]{22}$/u);
  return key;
}

/** Whether the way back leads to an address with the key. */
async function historyHolds(phone: PhonePage, key: string): Promise<boolean> {
  const session = await phone.page.context().newCDPSession(phone.page);
  const { entries } = await session.send('Page.getNavigationHistory');
  return entries.some(({ url }) => url.includes(key));
}

async function untilConnected(page: PhonePage['page']): Promise<void> {
  await page.getByTestId('status').getByText('Connected to').waitFor();
}

/** All that the server logged. */
async function logOf(stage: Stage, server: SignalServer): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sightline-log-'));
  stage.own({ name: folder, close: () => rm(folder, { recursive: true, force: true }) });
  await server.keepEvidence(folder);
  return readFile(path.join(folder, 'server.log'), 'utf8');
}
