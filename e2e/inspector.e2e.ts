/** The inspector on real streams: figures that move, files that can be saved, here and in Electron. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { openConsole, type ConsolePage } from './harness/console-page';
import { openDesktop } from './harness/desktop-app';
import { openPhone, PhonePage } from './harness/phone-page';
import { startServer } from './harness/signal-server';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

const GRAPH_COUNT = 7;

/** Opens the inspector on a stream by its key, and waits for the graphs and the first figures. */
async function inspect(desk: ConsolePage, streamId: string): Promise<void> {
  await desk.tileLocator(streamId).focus();
  await desk.page.keyboard.press('i');
  await until(
    'all graphs to be drawn',
    () => desk.page.locator('[data-testid="inspector-graphs"] canvas').count(),
    (count) => count === GRAPH_COUNT,
  );
  await until(
    'the frame rate to be known',
    () => figure(desk.page, 'picture', 'frameRate'),
    (text) => /^\d+\.\d fps$/u.test(text),
  );
}

async function figure(page: Page, group: string, name: string): Promise<string> {
  const cell = page.locator(`[data-group="${group}"] [data-figure="${name}"] td`).first();
  return ((await cell.textContent()) ?? '').trim();
}

/** Saves what a button offers to download, and reads it. */
async function download(page: Page, kind: string, folder: string): Promise<[string, string]> {
  const [offered] = await Promise.all([
    page.waitForEvent('download'),
    page.locator(`[data-export="${kind}"]`).click(),
  ]);
  const file = path.join(folder, offered.suggestedFilename());
  await offered.saveAs(file);
  return [offered.suggestedFilename(), await readFile(file, 'utf8')];
}

describe('the inspector', () => {
  const stage = useStage('test');

  async function openFolder(): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), 'sightline-saved-'));
    stage.own({ name: folder, close: () => rm(folder, { recursive: true, force: true }) });
    return folder;
  }

  it('shows a real stream, compares two, saves figures, and goes when asked', async () => {
    const server = await startServer(stage);
    const desk = await openConsole(stage, server);
    const first = await openPhone(stage, server, { phone: 1 });
    await first.start();
    const streamId = await desk.untilPictureOf(1);
    await inspect(desk, streamId);
    expect(await figure(desk.page, 'picture', 'size')).toMatch(/^\d+×\d+$/u);
    await until(
      'the phone to tell what it sends',
      () => figure(desk.page, 'phone', 'sendRate'),
      (text) => text.endsWith(' fps'),
    );

    const folder = await openFolder();
    const [name, csv] = await download(desk.page, 'csv', folder);
    expect(name).toMatch(/^sightline-.+\.csv$/u);
    const [head, line] = csv.split('\r\n');
    expect(head).toMatch(/^time,stream,label,framesPerSecond,/u);
    expect(line).toContain(streamId);
    const [, raw] = await download(desk.page, 'raw', folder);
    expect(raw).toContain('"type": "inbound-rtp"');

    const second = await openPhone(stage, server, { phone: 2 });
    await second.start();
    const other = await desk.untilPictureOf(2);
    await desk.tileLocator(other).focus();
    await desk.page.keyboard.press('c');
    await until(
      'two streams to be compared',
      () => desk.page.getByTestId('inspector-verdict').count(),
      (count) => count === 2,
    );
    await desk.page.keyboard.press('Escape');
    await until(
      'the inspector to be gone',
      () => desk.page.getByTestId('inspector').count(),
      (count) => count === 0,
    );
  });

  it('saves a file from Electron', async () => {
    const folder = await openFolder();
    const { app, console: desk } = await openDesktop(stage);
    const phone = await PhonePage.open(stage, await desk.joinUrl(), { phone: 1 });
    await phone.start();
    await inspect(desk, await desk.untilPictureOf(1));
    const file = path.join(folder, 'saved.json');
    // A person would choose the place in a dialog.
    await app.evaluate(({ session }, savePath) => {
      session.defaultSession.once('will-download', (_event, item) => item.setSavePath(savePath));
    }, file);
    await desk.page.locator('[data-export="json"]').click();
    const saved = await until(
      'the file to be written',
      () => readFile(file, 'utf8').catch(() => ''),
      (text) => text.endsWith('}\n'),
    );
    expect(JSON.parse(saved)).toMatchObject({
      streams: [{ facts: { state: 'live' }, samples: expect.any(Array) as unknown }],
    });
  });
});
