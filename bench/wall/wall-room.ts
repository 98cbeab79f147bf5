/**
 * Sightline's wall and a bare one in the same kind of program, each with phones of its own, of which
 * only those of one film at a time. Walls run on one core, all else on the other, so that nobody who
 * films takes time from a wall.
 */
import path from 'node:path';
import type { Page } from 'playwright';
import { arrangeTiles } from '../../desktop/renderer/streams/arrange-tiles';
import { openBrowser, type TestBrowser } from '../../e2e/harness/browsers';
import { openConsole } from '../../e2e/harness/console-page';
import { openDesktop } from '../../e2e/harness/desktop-app';
import { startServer } from '../../e2e/harness/signal-server';
import type { Stage } from '../../e2e/harness/stage';
import { until } from '../../e2e/harness/until';
import { openBareWindow } from './bare-window';
import { BareWall } from './bare-wall';
import { installBareTiles, type Place } from './bare-wall-pages';
import { FILM, serveFilm } from './film';
import { FilmPhones } from './film-phones';
import { mainProcessOf, pinTree } from '../core/process-tree';
import { installStatisticsSwitch, type StatisticsTimers } from './statistics-switch';
import { readPlayed, type WallSide } from './wall-side';

/** Where the walls run, and where all else. */
const WALL_CORE = 0;
const OTHER_CORE = 1;

/** Between tiles, as in `StreamWall.vue`. */
const GAP = 8;

const DESK = { width: 1440, height: 900 };

/** Pages load and connect on one core; on a busy machine that takes a while. */
const FILL_TIMEOUT_MS = 60_000;

/** In which a wall is shown. */
export type WallKind = 'Chromium' | 'Electron';

/** A console's page and program, before anybody films for it. */
interface Viewer {
  readonly page: Page;
  readonly root: number;
}

/** See the head of this file. */
export interface WallRoom {
  readonly sightline: WallSide;
  readonly bare: WallSide;
  /** Whether everything is kept on its core. */
  readonly isPinned: boolean;
  /** Fills both walls with as many tiles, and waits until all of them play. */
  grow(count: number): Promise<void>;
  /** Fills the console alone; rejects where the tiles do not all play in time. */
  growConsole(count: number, timeoutMs?: number): Promise<void>;
  /** Fills the bare wall alone, with tiles as large as the console's would be. */
  growBare(count: number, timeoutMs?: number): Promise<void>;
  /** Moves a wall that rests off the core of the one that is looked at. */
  setAside(resting: 'sightline' | 'bare'): void;
}

/** Opens a room without phones; it ends with the stage. */
export async function openWallRoom(
  stage: Stage,
  kind: WallKind,
  timers: StatisticsTimers,
): Promise<WallRoom> {
  const { browser: phoneBrowser } = await openBrowser(stage, {
    name: 'film phones',
    flags: [
      // Counts as a permission, without which candidates would hide their addresses.
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
    ],
  });
  const pins = [pinTree(await mainProcessOf(phoneBrowser), OTHER_CORE)];
  const film = await serveFilm(stage, phoneBrowser);
  const { console, bare, phoneUrl } =
    kind === 'Chromium' ? await openBrowsers(stage) : await openWindows(stage);
  pins.push(pinTree(console.root, WALL_CORE), pinTree(bare.root, WALL_CORE));

  await console.page.addInitScript(installStatisticsSwitch, timers);
  await console.page.evaluate(() => {
    // Those who film rest for a second or two, which is no fault.
    const rules = { frozen: { isOn: false }, silent: { isOn: false }, 'low-fps': { isOn: false } };
    localStorage.setItem('sightline-alerts', JSON.stringify({ hasSound: false, rules }));
  });
  await console.page.reload();
  await bare.page.addInitScript('globalThis.__name ??= (named) => named;');
  await bare.page.addInitScript(installBareTiles);
  await bare.page.goto(film.pageUrl);

  const phones = await FilmPhones.open(phoneBrowser, film, phoneUrl);
  const bareWall = await BareWall.open(phoneBrowser, film, bare.page);
  // One wall at a time: with more to do than their core can, pages keep timers waiting for seconds.
  const growBare = async (count: number, timeoutMs?: number): Promise<void> => {
    await phones.roll(false);
    await bareWall.roll(true);
    await bareWall.grow(await placesFor(console.page, count));
    await untilPlaying('the bare wall', bare.page, count, timeoutMs);
    await bareWall.roll(false);
  };
  const growConsole = async (count: number, timeoutMs?: number): Promise<void> => {
    await bareWall.roll(false);
    await phones.roll(true);
    await phones.grow(count);
    await untilPlaying('the console', console.page, count, timeoutMs);
    await phones.roll(false);
  };
  return {
    sightline: { ...console, roll: (isRolling) => phones.roll(isRolling) },
    bare: { ...bare, roll: (isRolling) => bareWall.roll(isRolling) },
    isPinned: pins.every(Boolean),
    growConsole,
    growBare,
    grow: async (count) => {
      await growConsole(count);
      await growBare(count);
    },
    setAside: (resting) => {
      pinTree(console.root, resting === 'sightline' ? OTHER_CORE : WALL_CORE);
      pinTree(bare.root, resting === 'bare' ? OTHER_CORE : WALL_CORE);
    },
  };
}

/** Where a console's wall has as many tiles, whether it has them or not. */
async function placesFor(page: Page, count: number): Promise<Place[]> {
  const wall = await page.evaluate(readWall);
  const aspects = Array.from({ length: count }, () => FILM.width / FILM.height);
  return arrangeTiles(wall, GAP, aspects).map(({ x, y, width, height }) => {
    return { x: wall.x + x, y: wall.y + y, width, height };
  });
}

async function openBrowsers(stage: Stage) {
  const server = await startServer(stage);
  pinTree(server.pid, OTHER_CORE);
  const console = await openConsole(stage, server);
  const desk = await openBrowser(stage, { name: 'bare wall', context: { viewport: DESK } });
  const viewer = async ({ browser }: TestBrowser, page: Page): Promise<Viewer> => ({
    page,
    root: await mainProcessOf(browser),
  });
  return {
    console: await viewer(console.browser, console.page),
    bare: await viewer(desk, await desk.context.newPage()),
    phoneUrl: server.url('mobileStream'),
  };
}

async function openWindows(stage: Stage) {
  const { app, console } = await openDesktop(stage);
  const join = new URL(await console.joinUrl());
  const binary = app.process().spawnfile;
  const size = await console.page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  const bare = await openBareWindow(stage, path.resolve(binary), size);
  const rootOf = (pid: number | undefined): number => {
    if (pid === undefined) throw new Error('Electron has no process.');
    return pid;
  };
  return {
    console: { page: console.page, root: rootOf(app.process().pid) },
    bare: { page: bare.page, root: rootOf(bare.app.process().pid) },
    phoneUrl: `${join.origin}/mobile-stream.html${join.hash}`,
  };
}

async function untilPlaying(
  where: string,
  page: Page,
  count: number,
  timeoutMs = FILL_TIMEOUT_MS,
): Promise<void> {
  const before = await page.evaluate(readPlayed);
  await until(
    `${count} playing pictures of ${FILM.width} pixels on ${where}`,
    async () => {
      const played = await page.evaluate(readPlayed);
      const moving = played.filter(({ total, width }, index) => {
        return width === FILM.width && total > (before[index]?.total ?? 0);
      });
      return { pictures: played.length, moving: moving.length };
    },
    ({ pictures, moving }) => pictures === count && moving === count,
    { timeoutMs, everyMs: 200 },
  );
}

/** Runs inside the console. */
function readWall(): Place {
  const wall = document.querySelector('video')?.closest('.wall');
  const { x, y, width, height } = (wall ?? document.body).getBoundingClientRect();
  return { x, y, width, height };
}
