/** The history of the room on real streams: what happened is told, added up, and kept over a reload. */
import { beforeEach, describe, expect, it } from 'vitest';
import { openConsole, type ConsolePage } from './harness/console-page';
import { openPhone, type PhonePage } from './harness/phone-page';
import { startServer } from './harness/signal-server';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

/** How long the server keeps the place of a phone that is gone, in seconds. */
const RESUME_WINDOW_SECONDS = 3;

/** The sum of what was received grows every ten seconds, once a sample is whole. */
const RECEIVED_LIMIT = { timeoutMs: 20_000 };

describe('the history', { timeout: 90_000 }, () => {
  const stage = useStage('test');
  let wall: Awaited<ReturnType<typeof openConsole>>;
  let steady: PhonePage;
  let doomed: PhonePage;

  beforeEach(async () => {
    const server = await startServer(stage, {
      options: ['--resume-window', String(RESUME_WINDOW_SECONDS)],
    });
    wall = await openConsole(stage, server);
    steady = await openPhone(stage, server, { phone: 0 });
    await steady.setName('Balcony');
    await steady.start();
    doomed = await openPhone(stage, server, { phone: 1, page: 'mobileStream' });
    await doomed.setName('Pit');
    await doomed.start();
  });

  it('tells of a freeze, a drop and an end, adds them up, and keeps them', async () => {
    const steadyStream = await wall.untilPictureOf(0);
    const doomedStream = await wall.untilPictureOf(1);

    await setCameraTaken(steady, true);
    await wall.untilTileState(steadyStream, ['frozen']);
    await setCameraTaken(steady, false);
    await wall.untilTileState(steadyStream, ['live']);

    await doomed.kill();
    await wall.untilTileState(doomedStream, ['reconnecting']);
    await wall.untilTileCount(1, { timeoutMs: 25_000 });

    await wall.page.keyboard.press('h');
    await wall.page.getByTestId('timeline').waitFor();
    await until('what was received to be known', () => receivedOf(wall), isMuch, RECEIVED_LIMIT);
    await expectTold(wall);
    await wall.page.getByRole('button', { name: 'Tables', exact: true }).click();
    expect(await kindsOf(wall, 'Balcony')).toEqual(['joined', 'started', 'frozen', 'recovered']);
    expect(await kindsOf(wall, 'Pit')).toEqual(['joined', 'started', 'dropped', 'ended']);
    const received = await receivedOf(wall);

    await wall.page.reload();
    await wall.untilTileState(steadyStream, ['live']);
    await wall.page.keyboard.press('h');
    // The page's own session, and the one before the reload.
    const picker = wall.page.getByTestId('history-session');
    await until(
      'the earlier session to be offered',
      () => picker.locator('option').count(),
      (count) => count === 2,
    );
    await picker.selectOption({ index: 1 });
    await until('what was kept to be read', () => receivedOf(wall), isMuch);
    await expectTold(wall);
    expect(await receivedOf(wall)).toBeGreaterThanOrEqual(received);
    await wall.page.getByRole('button', { name: 'Tables', exact: true }).click();
    expect(await kindsOf(wall, 'Balcony')).toEqual(['joined', 'started', 'frozen', 'recovered']);
    expect(await kindsOf(wall, 'Pit')).toEqual(['joined', 'started', 'dropped', 'ended']);
    expect(wall.browser.recorder.errors()).toEqual([]);
  });
});

/** What the totals say of the one freeze, the one drop and the one recovery. */
async function expectTold(wall: ConsolePage): Promise<void> {
  expect(await totalOf(wall, 'streams')).toBe('2');
  expect(await totalOf(wall, 'freezes')).toBe('1');
  expect(await totalOf(wall, 'drops')).toBe('1');
  expect(await totalOf(wall, 'recovery')).toMatch(/^[1-9]\d*(?:\.\d)? s$|^0\.[1-9] s$/u);
}

async function totalOf(wall: ConsolePage, name: string): Promise<string> {
  const shown = wall.page.locator(`[data-testid="history-totals"] [data-total="${name}"]`);
  return ((await shown.textContent()) ?? '').trim();
}

/** Data received as the page says it, in bytes; NaN where it says something else. */
async function receivedOf(wall: ConsolePage): Promise<number> {
  const [, number, unit] = /^([\d.]+) (kB|MB)$/u.exec(await totalOf(wall, 'received')) ?? [];
  return Number(number) * (unit === 'MB' ? 1e6 : 1e3);
}

function isMuch(bytes: number): boolean {
  return bytes > 100_000;
}

/** What happened to a camera by the table, the oldest first. */
async function kindsOf(wall: ConsolePage, label: string): Promise<string[]> {
  const rows = wall.page.getByTestId('history-events').locator('tbody tr');
  const events = await rows.evaluateAll((found) =>
    found.map((row) => ({
      kind: row.getAttribute('data-kind') ?? '',
      label: row.children[1]?.textContent.trim(),
    })),
  );
  return events
    .filter((event) => event.label === label)
    .map(({ kind }) => kind)
    .reverse();
}

/** Takes the camera as a call does, or gives it back. */
async function setCameraTaken({ page }: PhonePage, isTaken: boolean): Promise<void> {
  await page.getByTestId('preview').evaluate((video, hidden) => {
    const state = hidden ? 'hidden' : 'visible';
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
    const { srcObject } = video as HTMLVideoElement;
    if (!hidden || !(srcObject instanceof MediaStream)) return;
    for (const track of srcObject.getVideoTracks()) {
      track.stop();
      // Only the system's own taking fires this event; stop() by the page does not.
      track.dispatchEvent(new Event('ended'));
    }
  }, isTaken);
}
