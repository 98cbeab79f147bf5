/** The room in the operator's hand: menus, links, invitations, the lock, and who may not. */
import { beforeAll, describe, expect, it } from 'vitest';
import { seriousViolations } from './harness/accessibility';
import { openConsole, type ConsolePage } from './harness/console-page';
import { OperatorDesk } from './harness/operator-desk';
import { openPhone, type PhonePage } from './harness/phone-page';
import { startServer, type SignalServer } from './harness/signal-server';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

describe('moderation', () => {
  const stage = useStage();
  let server: SignalServer;
  let wall: ConsolePage;
  let desk: OperatorDesk;
  const phones: PhonePage[] = [];

  const untilLive = (page: ConsolePage) =>
    until(
      'the console to be connected',
      () => page.serverState(),
      (state) => state === 'live',
    );

  const untilSays = (page: ConsolePage, text: string) =>
    page.page.getByText(text).first().waitFor();

  const streamOf = async (phone: number): Promise<string> => wall.untilPictureOf(phone);

  const untilGone = (streamId: string) =>
    until(
      'the tile to leave the wall',
      () => wall.tile(streamId),
      (tile) => tile === undefined,
    );

  beforeAll(async () => {
    // A goodbye that was lost with its page is made up for soon.
    server = await startServer(stage, { options: ['--resume-window', '5'] });
    wall = await openConsole(stage, server);
    desk = new OperatorDesk(wall);
    await untilLive(wall);
    for (const [phone, page] of [
      [0, 'stream'],
      [1, 'mobileStream'],
    ] as const) {
      const opened = await openPhone(stage, server, { phone, page });
      await opened.start();
      phones.push(opened);
    }
  });

  it('cleans the address bar, and comes back after a reload', async () => {
    expect(wall.page.url()).not.toContain('key');
    await wall.page.reload();
    await untilLive(wall);
    expect(wall.page.url()).not.toContain('key');
  });

  it.each([
    { by: 'mouse', phone: 0 },
    { by: 'keyboard', phone: 1 },
  ] as const)('renames, mutes, stops, removes and blocks by $by', async ({ by, phone }) => {
    const guest = phones[phone];
    if (guest === undefined) throw new Error('There is no phone.');
    let streamId = await streamOf(phone);

    await desk.rename(streamId, `Guest by ${by}`, by);
    expect((await wall.tile(streamId))?.label).toBe(`Guest by ${by}`);

    await desk.choose(streamId, 'mute', by);
    const muted = wall.tileLocator(streamId).getByRole('img', {
      name: 'Microphone muted on the phone',
    });
    await muted.waitFor();

    await desk.choose(streamId, 'stop', by);
    expect(await seriousViolations(wall.page)).toEqual([]);
    await desk.confirm(by);
    await untilGone(streamId);
    await guest.untilState('idle');
    await guest.start();
    streamId = await streamOf(phone);
    expect((await wall.tile(streamId))?.label).toBe(`Guest by ${by}`);

    await desk.choose(streamId, 'remove', by);
    await desk.confirm(by);
    await untilGone(streamId);
    await guest.page.getByTestId('problem').waitFor();
    await guest.page.reload();
    await guest.start();
    streamId = await streamOf(phone);

    await desk.choose(streamId, 'block', by);
    await desk.confirm(by);
    await untilGone(streamId);
    await guest.page.reload();
    await guest.page.getByTestId('problem').waitFor();

    const room = await desk.openRoom('blocked');
    await room.getByRole('button', { name: `Unblock Guest by ${by}` }).click();
    await room.getByText('No device is blocked.').waitFor();
    await desk.closeDialog();
    await guest.page.reload();
    await guest.start();
    await streamOf(phone);
  });

  it('lets a viewer watch, and nothing else', async () => {
    const link = await desk.linkOf('viewer');
    await desk.closeDialog();
    const viewer = await openConsole(stage, server, { name: 'viewer', url: link });
    await viewer.untilPictureOf(0);
    const { page } = viewer;
    expect(await page.getByTestId('join-url').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Room' }).count()).toBe(0);
    await page.getByTestId('tile').first().focus();
    await page.keyboard.press('m');
    await page.getByRole('menu').waitFor();
    // No more than what concerns the own wall.
    const choices = page.getByRole('menuitem');
    expect(
      await choices.evaluateAll((items) => items.map((item) => item.getAttribute('data-choice'))),
    ).toEqual(['inspect', 'quality']);
    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    expect(await page.locator('dialog').count()).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);

    const [stream] = await viewer.tiles();
    expect(await moderateRaw(server.url('ws'), link, stream?.streamId ?? '')).toBe('not-allowed');
    expect(await viewer.tiles()).toHaveLength(2);
    await viewer.browser.browser.close();
  });

  it('renews a link: who is in stays, the old link is worth nothing, the new one opens', async () => {
    const old = await desk.linkOf('viewer');
    const inside = await openConsole(stage, server, { name: 'inside', url: old });
    await untilLive(inside);
    const fresh = await desk.renewLink('viewer', false);
    await desk.closeDialog();

    const outside = await openConsole(stage, server, { name: 'outside', url: old });
    await untilSays(outside, 'This key does not open the room');
    expect(await seriousViolations(outside.page)).toEqual([]);
    await outside.page.getByTestId('key-field').fill('no key');
    await outside.page.getByRole('button', { name: 'Enter' }).click();
    await untilSays(outside, 'There is no key in this.');
    await outside.page.getByTestId('key-field').fill(fresh);
    await outside.page.keyboard.press('Enter');
    await outside.untilPictureOf(0);

    expect(await inside.serverState()).toBe('live');
    await inside.page.reload();
    await inside.untilPictureOf(0);
    await Promise.all([inside, outside].map(({ browser }) => browser.browser.close()));
  });

  it('renews a link and sends everybody away who came by it, but not the operator', async () => {
    const link = await desk.linkOf('viewer');
    const viewer = await openConsole(stage, server, { name: 'evicted', url: link });
    await viewer.untilPictureOf(0);
    await desk.renewLink('viewer', true);
    await untilSays(viewer, 'The control room has disconnected this device.');
    await desk.renewLink('operator', true);
    await desk.closeDialog();
    expect(await wall.serverState()).toBe('live');
    await wall.page.reload();
    await untilLive(wall);
    await viewer.browser.browser.close();
  });

  it('invites one device: it may reload, a second one may not come', async () => {
    const link = await desk.invite('Client', 'viewer');
    const guest = await openConsole(stage, server, { name: 'invited', url: link });
    await guest.untilPictureOf(0);
    await guest.page.reload();
    await guest.untilPictureOf(0);
    const second = await openConsole(stage, server, { name: 'second', url: link });
    await untilSays(second, 'This key does not open the room');

    const people = await desk.openRoom('people');
    const entry = people.getByTestId('watcher').filter({ hasText: 'by “Client”' });
    // A goodbye that was lost with the page is made up for at the end of the resume window.
    await until(
      'the guest to be listed once',
      () => entry.count(),
      (count) => count === 1,
      { timeoutMs: 40_000 },
    );
    await entry.getByRole('button', { name: /^Remove/u }).click();
    await desk.confirm();
    await untilSays(guest, 'You were sent away');

    const invitations = await desk.openRoom('invitations');
    await invitations.getByText('1 of 1 used').waitFor();
    await invitations.getByRole('button', { name: /^Take back/u }).click();
    await invitations.getByTestId('confirm').click();
    await invitations.getByText('There are no invitations.').waitFor();
    await desk.closeDialog();
    await Promise.all([guest, second].map(({ browser }) => browser.browser.close()));
  });

  it('locks the room: who is in stays, nobody new comes, until it is open again', async () => {
    const link = await desk.linkOf('viewer');
    await desk.closeDialog();
    await desk.setDoor('isLocked', true);
    await wall.page.getByRole('button', { name: 'Locked' }).waitFor();
    const late = await openConsole(stage, server, { name: 'late', url: link });
    await untilSays(late, 'The room is locked');
    expect(await seriousViolations(late.page)).toEqual([]);
    await phones[0]?.page.reload();
    await phones[0]?.untilState('live');
    await streamOf(0);
    await desk.setDoor('isLocked', false);
    await untilLive(late);
    await late.browser.browser.close();
  });
});

/** Commands without the role, past the page: says the id of the error that answers. */
async function moderateRaw(ws: string, link: string, streamId: string): Promise<string> {
  const key = new URLSearchParams(new URL(link).hash.slice(1)).get('key');
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(`${ws}/${crypto.randomUUID()}/viewer`, 'sightline.v1');
  try {
    return await new Promise<string>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('open', () =>
        socket.send(JSON.stringify({ type: 'hello', protocolVersion: 1, key })),
      );
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as { type: string; id?: string };
        if (message.type === 'welcome') {
          const command = { kind: 'stop', streamId };
          socket.send(
            JSON.stringify({ type: 'moderate', requestId: crypto.randomUUID(), command }),
          );
        } else if (message.type === 'error') resolve(message.id ?? '');
        else if (message.type === 'done') resolve('done');
      });
    });
  } finally {
    socket.terminate();
  }
}
