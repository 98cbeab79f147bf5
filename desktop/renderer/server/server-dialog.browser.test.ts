/** The server dialog in a real browser: its focus, its keys, and what a screen reader gets. */
import { afterEach, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { TrustQuestion } from '../../bridge/contract';
import { FakeDesktop } from '../../bridge/fake-desktop';
import App from '../App.vue';
import '../design/base.css';
import '../design/tokens.css';
import { desktopHost } from '../host/desktop-host';
import { axeViolations } from '../testing/axe-violations';
import { goLive, mountConsole, type MountedConsole } from '../testing/mount-console';

const bytes = (byte: string): string => Array.from({ length: 32 }, () => byte).join(':');
const question: TrustQuestion = {
  address: '192.168.1.20:8443',
  certificateName: 'Sightline root of studio',
  fingerprint: bytes('A1'),
};
const studio = {
  id: 'studio',
  name: 'Studio 2',
  address: question.address,
  isSecure: true,
  isKnown: false,
};

let mounted: MountedConsole | undefined;
afterEach(() => mounted?.close());

async function openDialog(asked: TrustQuestion): Promise<FakeDesktop> {
  await page.viewport(1280, 800);
  const found = { isLooking: true, servers: [studio] };
  const desktop = new FakeDesktop({ questions: [asked], found });
  const { serverSwitch } = desktopHost(desktop);
  mounted = mountConsole(App, {
    ...(serverSwitch === undefined ? {} : { serverSwitch }),
    prepare({ server }) {
      goLive(server);
      server.hostState = {
        state: 'ready',
        kind: 'embedded',
        origin: 'wss://127.0.0.1:8443',
        rootFingerprint: bytes('C3'),
      };
    },
  });
  await userEvent.click(page.getByRole('button', { name: 'Server', exact: true }));
  await expect.element(page.getByRole('button', { name: /Join Studio 2/u })).toBeVisible();
  return desktop;
}

const focused = (): string => document.activeElement?.textContent.trim() ?? '';

it('can be used by keys alone, and trusts nobody by an Enter too many', async () => {
  const desktop = await openDialog(question);
  expect(await axeViolations()).toEqual([]);
  page
    .getByRole('button', { name: /Join Studio 2/u })
    .element()
    .focus();
  await userEvent.keyboard('{Enter}');
  await expect
    .element(page.getByRole('heading', { name: 'Is this the right server?' }))
    .toBeVisible();
  expect(focused()).toContain('does not know the certificate of 192.168.1.20:8443');
  expect(await axeViolations()).toEqual([]);

  await userEvent.keyboard('{Enter}');
  expect(await desktop.getServerState()).toMatchObject({ kind: 'embedded' });
  await userEvent.keyboard('{Tab}');
  expect(focused()).toBe('Do not join');
  await userEvent.keyboard('{Tab}');
  expect(focused()).toBe('It is the same: trust and join');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
  expect(await desktop.getServerState()).toMatchObject({ kind: 'remote' });
});

it('keeps the focus inside when the operator does not join, and closes on Escape', async () => {
  const desktop = await openDialog({ ...question, previousFingerprint: bytes('B2') });
  await userEvent.click(page.getByRole('button', { name: /Join Studio 2/u }));
  await expect
    .element(page.getByRole('heading', { name: 'This server’s certificate has changed' }))
    .toBeVisible();
  expect(await axeViolations()).toEqual([]);
  await userEvent.click(page.getByRole('button', { name: 'Do not join' }));
  await expect.poll(() => document.activeElement?.closest('dialog')).toBeTruthy();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
  expect(await desktop.getServerState()).toMatchObject({ kind: 'embedded' });
});

it('shows a fingerprint whole and in groups, also in a small window', async () => {
  await openDialog(question);
  await page.viewport(480, 600);
  await userEvent.click(page.getByRole('button', { name: /Join Studio 2/u }));
  const text = page.getByTestId('fingerprint');
  await expect.element(text).toHaveTextContent(bytes('A1'));
  const box = text.element().getBoundingClientRect();
  const groups = [...text.element().children].map((group) => group.getBoundingClientRect());
  expect(groups).toHaveLength(8);
  for (const group of groups) expect(group.right).toBeLessThanOrEqual(box.right + 1);
  const dialog = page.getByRole('dialog').element();
  expect(dialog.scrollWidth).toBeLessThanOrEqual(dialog.clientWidth);
});
