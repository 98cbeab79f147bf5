import { existsSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright';
import { until } from '../../e2e/harness/until';
import { mainProcessOf, treeOf } from '../core/process-tree';
import { JOIN_STEPS, type JoinStep, type StepTimes } from './stage-marks';

/** What Chromium calls the service of cameras on the command line of its process. */
const CAMERA_SERVICE = 'video_capture.mojom.VideoCaptureService';

/**
 * Ends the process that serves a browser's camera. Chromium does so by itself five seconds after the
 * last use, and whoever taps Start on a phone finds it gone: with it the camera opens in 10 ms,
 * without it in 45 to 110.
 *
 * @throws Error when there is none: the camera was not used, or Chromium calls it otherwise now
 */
export async function coolCamera(browser: Browser | null): Promise<void> {
  if (browser === null) throw new Error('The page has no browser of its own.');
  const served = treeOf(await mainProcessOf(browser)).filter((pid) => {
    const file = `/proc/${pid}/cmdline`;
    return existsSync(file) && readFileSync(file, 'utf8').includes(CAMERA_SERVICE);
  });
  if (served.length === 0) throw new Error('No process of the browser serves its camera.');
  for (const pid of served) process.kill(pid, 'SIGKILL');
}

/**
 * A tab that was just opened keeps its browser busy with its own furniture, which no page can help;
 * both sides let it settle for so long, in milliseconds.
 */
export const NEW_TAB_REST_MS = 500;

/** One join, in milliseconds from its start to each step. */
export interface JoinTimes {
  readonly steps: ReadonlyMap<JoinStep | 'frame', number>;
  /** Of the first picture that was painted, in pixels. */
  readonly width: number;
}

/** Forgets the join before on a page. */
export async function forgetJoin(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.benchSteps = {};
    window.sightlineProbe.firstFrames.splice(0);
  });
}

/** Waits for the first picture on a viewer's page, then reads what the join took since a tap. */
export async function joinSinceTap(phone: Page, viewer: Page): Promise<JoinTimes> {
  const frame = await untilFirstFrame(viewer);
  const { tappedAt, sent } = await phone.evaluate(() => ({
    tappedAt: window.sightlineProbe.startTappedAt,
    sent: window.benchSteps,
  }));
  if (tappedAt === undefined) throw new Error('The tap on Start was not noted.');
  // Steps that both ends take are the viewer's: there the picture is waited for.
  const received = await viewer.evaluate(() => window.benchSteps);
  return timesOf(tappedAt, frame, { ...sent, ...received });
}

/** The same since a viewer's page was opened. */
export async function joinSinceOpening(viewer: Page): Promise<JoinTimes> {
  const frame = await untilFirstFrame(viewer);
  const { openedAt, steps } = await viewer.evaluate(() => ({
    openedAt: performance.timeOrigin,
    steps: window.benchSteps,
  }));
  return timesOf(openedAt, frame, steps);
}

async function untilFirstFrame(viewer: Page) {
  const frame = await until(
    'the first picture',
    () => viewer.evaluate(() => window.sightlineProbe.firstFrames.at(0)),
    (seen) => seen !== undefined,
  );
  if (frame === undefined) throw new Error('There was no first picture.');
  return frame;
}

function timesOf(
  startedAt: number,
  frame: { readonly at: number; readonly width: number },
  taken: StepTimes,
): JoinTimes {
  const steps = new Map<JoinStep | 'frame', number>([['frame', frame.at - startedAt]]);
  for (const step of JOIN_STEPS) {
    const at = taken[step];
    if (at !== undefined) steps.set(step, at - startedAt);
  }
  return { steps, width: frame.width };
}
