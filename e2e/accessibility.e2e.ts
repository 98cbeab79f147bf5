/** Every screen against the rules of axe-core: nothing serious may be wrong. */
import type { Locator, Page } from 'playwright';
import { beforeAll, describe, expect, it } from 'vitest';
import { seriousViolations } from './harness/accessibility';
import { openConsole, type ConsolePage } from './harness/console-page';
import { OperatorDesk } from './harness/operator-desk';
import { openPhone, type PhonePage } from './harness/phone-page';
import { startServer, type SignalServer } from './harness/signal-server';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

describe('accessibility', () => {
  const stage = useStage();
  let server: SignalServer;
  let wall: ConsolePage;
  const phones: PhonePage[] = [];

  beforeAll(async () => {
    server = await startServer(stage);
    wall = await openConsole(stage, server);
    await until(
      'the console',
      () => wall.serverState(),
      (state) => state === 'live',
    );
  });

  it('of the landing page', async () => {
    const page = await wall.page.context().newPage();
    await page.goto(new URL(server.url('stream')).origin);
    expect(await seriousViolations(page)).toEqual([]);
    await page.close();
  });

  it('of the empty console', async () => {
    await wall.joinUrl();
    expect(await seriousViolations(wall.page)).toEqual([]);
  });

  it.each([
    { page: 'stream', phone: 0 },
    { page: 'mobileStream', phone: 1 },
  ] as const)('of the $page page, idle and live', async ({ page, phone }) => {
    const opened = await openPhone(stage, server, { phone, page });
    phones.push(opened);
    expect(await seriousViolations(opened.page)).toEqual([]);
    expect(await undersizedTargets(opened.page)).toEqual([]);
    await opened.start();
    await wall.untilPictureOf(phone);
    expect(await seriousViolations(opened.page)).toEqual([]);
    expect(await undersizedTargets(opened.page)).toEqual([]);
  });

  it('of the wall with tiles', async () => {
    await wall.untilTileCount(2);
    expect(await seriousViolations(wall.page)).toEqual([]);
  });

  /** The tile of one of the phones. */
  const streamOf = (phone: number): Promise<string> => wall.untilPictureOf(phone);

  it('of the inspector, alone and comparing', async () => {
    await inspect(wall, await streamOf(0));
    expect(await seriousViolations(wall.page)).toEqual([]);
    await wall.tileLocator(await streamOf(1)).focus();
    await wall.page.keyboard.press('c');
    await untilCount(wall.page, '[data-testid="inspector-verdict"]', 2);
    expect(await seriousViolations(wall.page)).toEqual([]);
    await wall.page.keyboard.press('Escape');
    await untilCount(wall.page, '[data-testid="inspector"]', 0);
  });

  it.each(['quality', 'camera'])(
    'of the %s panel, to and from which the keyboard leads',
    async (panel) => {
      await inspect(wall, await streamOf(0));
      const button = wall.page.locator(`[data-panel="${panel}"]`);
      for (let presses = 0; presses < 10 && !(await hasFocus(button)); presses += 1) {
        await wall.page.keyboard.press('Tab');
      }
      await wall.page.keyboard.press('Enter');
      const dialog = wall.page.getByTestId(`${panel}-panel`);
      await dialog.waitFor();
      expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(
        true,
      );
      expect(await seriousViolations(wall.page)).toEqual([]);
      await wall.page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await hasFocus(button)).toBe(true);
      await wall.page.keyboard.press('Escape');
      await untilCount(wall.page, '[data-testid="inspector"]', 0);
    },
  );

  it('of the settings of alerts, and of an alert on its tile and in the list', async () => {
    await wall.page.keyboard.press('w');
    await wall.page.getByRole('button', { name: 'Settings of alerts' }).click();
    expect(await seriousViolations(wall.page)).toEqual([]);
    // No picture is shown so soon.
    const limit = wall.page.locator('[data-rule="high-latency"]').getByTestId('rule-limit');
    await limit.fill('50');
    await wall.page.keyboard.press('Escape');
    await wall.page.getByTestId('alert').first().waitFor();
    expect(await seriousViolations(wall.page)).toEqual([]);
    await wall.page.getByRole('button', { name: 'Settings of alerts' }).click();
    await wall.page.getByTestId('alert-reset').click();
    await wall.page.keyboard.press('Escape');
    await untilCount(wall.page, '[data-testid="alert"]', 0);
    await wall.page.keyboard.press('w');
  });

  it('of the history, as a timeline and as tables', async () => {
    await wall.page.keyboard.press('h');
    await wall.page.getByTestId('timeline').waitFor();
    expect(await seriousViolations(wall.page)).toEqual([]);
    await wall.page.getByRole('button', { name: 'Tables', exact: true }).click();
    await wall.page.getByTestId('history-events').waitFor();
    expect(await seriousViolations(wall.page)).toEqual([]);
    await wall.page.keyboard.press('Escape');
    await wall.page.locator('dialog').waitFor({ state: 'detached' });
  });

  it.each([0, 1])('of what the control room shows on phone %i', async (phone) => {
    const { page } = phones[phone] ?? {};
    if (page === undefined) throw new Error(`Phone ${phone} was not opened.`);
    await new OperatorDesk(wall).choose(await streamOf(phone), 'camera', 'mouse');
    await wall.page.getByTestId('message-text').fill('Turn a little to the left, please');
    await wall.page.getByTestId('message-send').click();
    await page.getByTestId('desk-message').waitFor();
    await unfoldControl(page);
    expect(await seriousViolations(page)).toEqual([]);
    expect(await undersizedTargets(page)).toEqual([]);
    await page.getByTestId('refuse-control').click();
    await wall.page.getByTestId('camera-obstacle').waitFor();
    await unfoldControl(page);
    expect(await seriousViolations(page)).toEqual([]);
    expect(await seriousViolations(wall.page)).toEqual([]);
    await unfoldControl(page);
    await page.getByTestId('refuse-control').click();
    await wall.page.getByTestId('camera-obstacle').waitFor({ state: 'detached' });
    // What had the focus is gone by now: the way back is the menu, then the wall.
    await wall.page.keyboard.press('Escape');
    await wall.page.getByTestId('camera-panel').waitFor({ state: 'detached' });
    await wall.page.keyboard.press('Escape');
    await wall.page.getByRole('menu').waitFor({ state: 'detached' });
  });

  it('of the wall by keyboard: every tile can be reached, and shows that it was', async () => {
    const reached = new Map<string, boolean>();
    const noteFocus = async (): Promise<boolean> => {
      const focused = await focusedTile(wall.page);
      if (focused !== undefined) reached.set(focused.streamId, focused.isRinged);
      return focused !== undefined;
    };
    for (let presses = 0; presses < 30 && reached.size < 2; presses += 1) {
      await wall.page.keyboard.press('Tab');
      // The wall is one stop of the Tab key, at the tile used last, with arrows inside.
      if (!(await noteFocus())) continue;
      for (const key of ['ArrowRight', 'ArrowLeft']) {
        await wall.page.keyboard.press(key);
        await noteFocus();
      }
    }
    expect([...reached.values()]).toEqual([true, true]);
  });
});

/** Opens the inspector on a stream by its key, and waits for its graphs. */
async function inspect(wall: ConsolePage, streamId: string): Promise<void> {
  await wall.tileLocator(streamId).focus();
  await wall.page.keyboard.press('i');
  await wall.page.locator('[data-testid="inspector-graphs"][data-phase="ready"]').waitFor();
}

/** Shows who controls a phone. It unfolds and folds by itself too, also right before a tap. */
async function unfoldControl(page: Page): Promise<void> {
  const card = page.getByTestId('controlled');
  await until(
    'who controls the phone to be shown',
    async () => {
      if (!(await card.isVisible())) await page.getByTestId('control-switch').click();
      return card.isVisible();
    },
    (isVisible) => isVisible,
  );
}

async function untilCount(page: Page, selector: string, count: number): Promise<void> {
  await until(
    `${count} of ${selector}`,
    () => page.locator(selector).count(),
    (found) => found === count,
  );
}

function hasFocus(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => element === document.activeElement);
}

/** Controls a thumb cannot hit well: smaller than 44 CSS pixels either way (WCAG 2.5.5). */
async function undersizedTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('button')]
      .map((button) => ({ box: button.getBoundingClientRect(), html: button.outerHTML }))
      .filter(({ box }) => box.width > 0 && (box.width < 43.5 || box.height < 43.5))
      .map(({ html, box }) => `${html.slice(0, 120)} is ${box.width}×${box.height}`),
  );
}

/** The tile that has the keyboard, and whether a ring around it or its parts says so. */
async function focusedTile(
  page: Page,
): Promise<{ streamId: string; isRinged: boolean } | undefined> {
  return page.evaluate(() => {
    const { activeElement } = document;
    const tile = activeElement?.closest('[data-testid="tile"]');
    if (activeElement === null || tile === null || tile === undefined) return undefined;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(activeElement);
    return {
      streamId: tile.getAttribute('data-stream-id') ?? '',
      isRinged: (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none',
    };
  });
}
