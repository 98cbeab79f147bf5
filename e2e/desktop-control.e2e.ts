/**
 * Phones in the operator's hand from the desktop application itself: commands, and pictures that are
 * encoded for a window that can be seen and for no other.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_TIMEOUT_MS } from '../signal/protocol/control-limits';
import { CameraDesk } from './harness/camera-desk';
import { openDesktop, type DesktopApp } from './harness/desktop-app';
import { DESKTOP_SWITCHES, untilReady } from './harness/desktop-process';
import { cameraSettings, installPhoneCamera } from './harness/phone-camera';
import { PhonePage } from './harness/phone-page';
import { readSentVideo, untilEncodingStands } from './harness/sent-video';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

/** Time in which the picture is back, in milliseconds: one second is promised, on a machine at rest. */
const BACK_WITHIN_MS = 2_000;

/** Ways in which a window can be out of sight. */
type OutOfSight = 'hidden' | 'minimized';

/** What window managers keep the state of a window in (Extended Window Manager Hints 1.5). */
const STATE = '_NET_WM_STATE';

/** On Linux the test plays the window manager. */
const isManager = process.platform === 'linux';

const run = promisify(execFile);

describe('the desktop application', () => {
  const stage = useStage();
  let desktop: DesktopApp;
  let phone: PhonePage;
  let streamId: string;

  beforeAll(async () => {
    desktop = await openDesktop(stage, { args: DESKTOP_SWITCHES });
    await untilReady(desktop.console.page);
    const url = await desktop.console.joinUrl();
    phone = await PhonePage.open(stage, url, { phone: 0, cameras: 'two-built-in' });
    await installPhoneCamera(phone);
    await phone.start();
    const [tile] = await desktop.console.untilTileCount(1);
    streamId = tile?.streamId ?? '';
    await desktop.console.untilTileState(streamId, ['live']);
  });

  it('sets a phone’s camera', async () => {
    const desk = new CameraDesk(desktop.console);
    await desk.open(streamId);
    const answers = [
      await desk.press('torch', 'on'),
      await desk.slide('zoom', 2),
      await desk.select('focus', 'manual'),
      await desk.slide('distance', 0.5),
      await desk.slide('brightness', 1),
      await desk.press('microphone', 'muted'),
      await desk.select('size', '360'),
      await desk.press('side', 'user'),
      await desk.press('side', 'environment'),
      await desk.click('message', 'phrase'),
      await desk.click('locate', 'locate'),
    ];
    for (const { control, afterMs, refusal } of answers) {
      expect(`${control}: ${refusal ?? 'done'}`).toBe(`${control}: done`);
      expect(afterMs).toBeLessThan(COMMAND_TIMEOUT_MS);
    }
    await phone.page.getByTestId('desk-message').waitFor();
    expect(await cameraSettings(phone)).toMatchObject({ facingMode: 'environment' });
    await desktop.console.page.keyboard.press('Escape');
    await desktop.console.page.keyboard.press('Escape');
    await desk.panel.waitFor({ state: 'detached' });
  });

  it.each(['hidden', 'minimized'] as const)(
    'has nothing encoded for a %s window, and the picture at once when it returns',
    async (way) => {
      const video = desktop.console.tileLocator(streamId).locator('video');
      const widthBefore = await until(
        'a picture',
        () => video.evaluate((element) => (element as HTMLVideoElement).videoWidth),
        (width) => width > 0,
      );
      const states = await desktop.console.watchStates(streamId);
      await leaveSight(way);
      const encoded = await untilEncodingStands(phone);
      expect(encoded).toBeGreaterThan(0);

      const frames = await video.evaluateHandle(noteFrames);
      const returnedAt = Date.now();
      await returnToSight(way);
      const back = await until(
        'the picture',
        () => frames.evaluate((noted) => noted),
        (noted) => noted.filter(({ receivedAt }) => receivedAt > returnedAt).length > 5,
      );
      // The last one from before may be painted once more.
      const fresh = back.filter(({ receivedAt }) => receivedAt > returnedAt);
      const afterMs = (fresh[0]?.at ?? Infinity) - returnedAt;
      const full = fresh.find(({ width }) => width === widthBefore);
      const fullAfterMs = (full?.at ?? Infinity) - returnedAt;
      process.stdout.write(
        `${way}: first picture ${afterMs} ms after the return, at full size after ${fullAfterMs} ms\n`,
      );
      expect(fullAfterMs).toBeLessThan(BACK_WITHIN_MS);
      await until(
        'the phone to encode again',
        () => phone.page.evaluate(readSentVideo),
        ([sent]) => (sent?.frames ?? 0) > encoded + 5,
      );
      // Asked for none, it was not taken for a frozen one.
      expect(await states()).toEqual(['live']);
    },
  );

  async function leaveSight(way: OutOfSight): Promise<void> {
    const xid = await desktop.app.evaluate(({ BrowserWindow }, how) => {
      const [window] = BrowserWindow.getAllWindows();
      if (how === 'hidden') window?.hide();
      else window?.minimize();
      return window?.getNativeWindowHandle().readUInt32LE(0);
    }, way);
    if (way === 'minimized' && isManager) await setState(xid, ['-set', STATE, `${STATE}_HIDDEN`]);
  }

  async function returnToSight(way: OutOfSight): Promise<void> {
    const xid = await desktop.app.evaluate(({ BrowserWindow }, how) => {
      const [window] = BrowserWindow.getAllWindows();
      if (how === 'hidden') window?.show();
      else window?.restore();
      return window?.getNativeWindowHandle().readUInt32LE(0);
    }, way);
    if (way === 'minimized' && isManager) await setState(xid, ['-remove', STATE]);
  }
});

/**
 * Says of a window what a window manager would: the tests' display has none, and without one nothing
 * is ever minimized. The window's system and the application take it for a real one's word.
 */
async function setState(xid: number | undefined, change: string[]): Promise<void> {
  await run('xprop', ['-id', String(xid), '-f', STATE, '32a', ...change]);
}

interface NotedFrame {
  /** When it was presented and when it came over the network, in milliseconds since the epoch. */
  readonly at: number;
  readonly receivedAt: number;
  readonly width: number;
}

/** Runs inside a page: notes every picture of an element from now on. */
function noteFrames(element: Element): NotedFrame[] {
  const noted: NotedFrame[] = [];
  const video = element as HTMLVideoElement;
  const note = (_now: number, { width, receiveTime = 0 }: VideoFrameCallbackMetadata): void => {
    noted.push({ at: Date.now(), receivedAt: performance.timeOrigin + receiveTime, width });
    video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
  return noted;
}
