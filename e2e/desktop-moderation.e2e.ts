/** Being in charge from the desktop application, with its own server's keys. */
import { describe, expect, it } from 'vitest';
import { openDesktop } from './harness/desktop-app';
import { DESKTOP_SWITCHES, stateOf, untilReady } from './harness/desktop-process';
import { OperatorDesk } from './harness/operator-desk';
import { PhonePage } from './harness/phone-page';
import { startServer } from './harness/signal-server';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

describe('an operator at the desktop', () => {
  const stage = useStage();

  it('renames and stops a phone by keyboard, and stays in charge when the keys change', async () => {
    const desktop = await openDesktop(stage, { args: DESKTOP_SWITCHES });
    const wall = desktop.console;
    const desk = new OperatorDesk(wall);
    await untilReady(wall.page);
    const guest = await PhonePage.open(stage, await wall.joinUrl(), { phone: 0 });
    await guest.start();
    const streamId = await wall.untilPictureOf(0);
    await desk.rename(streamId, 'Stage left', 'keyboard');

    await desk.renewLink('operator', true);
    await desk.renewLink('phone', false);
    await desk.closeDialog();
    expect(await wall.serverState()).toBe('live');
    expect((await wall.tile(streamId))?.state).toBe('live');
    const link = await desk.linkOf('operator');
    await desk.closeDialog();
    const key = new URLSearchParams(new URL(link).hash.slice(1)).get('key');
    const state = await until(
      'the desktop to keep the new key',
      () => stateOf(wall.page),
      (seen) => seen.state === 'ready' && seen.key === key,
    );
    expect(state.state).toBe('ready');
    await wall.page.reload();
    await wall.untilPictureOf(0);
    expect(desktop.output()).not.toContain(key);

    await desk.choose(streamId, 'stop', 'keyboard');
    await desk.confirm('keyboard');
    await guest.untilState('idle');
  });

  it('asks for the key of a server elsewhere, and takes it as a link', async () => {
    const server = await startServer(stage, { access: 'keys' });
    const desktop = await openDesktop(stage, { args: DESKTOP_SWITCHES });
    const { page } = desktop.console;
    await untilReady(page);
    await page.getByRole('button', { name: 'Server' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('A server elsewhere').click();
    await dialog.getByRole('textbox').fill(new URL(server.url('liveStreams')).host);
    await page.keyboard.press('Enter');
    await page.getByText('This room needs a key').waitFor();
    await page.getByTestId('key-field').fill(server.url('liveStreams'));
    await page.keyboard.press('Enter');
    await until(
      'the console to be in',
      () => desktop.console.serverState(),
      (state) => state === 'live',
    );
    await page.getByRole('button', { name: 'Room' }).waitFor();
    // It is kept: a reload asks for nothing.
    await page.reload();
    await page.getByRole('button', { name: 'Room' }).waitFor();
  });
});
