/**
 * What a wall costs: processor time and dropped pictures of a console with 1 to 25 tiles, in Chromium
 * and in Electron, against a bare page with as many `<video>` elements; the cost of all that the
 * console finds out; how many tiles one core presents.
 */
import { Stage } from '../../e2e/harness/stage';
import { pause } from '../../e2e/harness/until';
import { arrangeTiles } from '../../desktop/renderer/streams/arrange-tiles';
import type { Benchmark, BenchContext } from '../core/benchmark';
import { interleave } from '../core/interleave';
import { FILM } from './film';
import { resultOf, type Measured, type Step, type WallMeasured } from './wall-figures';
import { openWallRoom, type WallKind, type WallRoom } from './wall-room';
import { watchWall, type WallSide, type WallWindow } from './wall-side';

const SIZES = [1, 4, 9, 16, 25];
const LARGEST = 25;

/** Tiles on one core, and those that a bare page was once seen to present. */
const CAPACITY = 36;
const BARE_CAPACITY = 40;

/** Statistics are read once a second, so that a window has to be a whole number of seconds. */
const FULL = { settleMs: 150, windowMs: 1_000 };
const SMOKE = { settleMs: 100, windowMs: 300 };

/** What was held back is done at once when it may. */
const SWITCH_MS = 250;

/** As in `sound-meters.ts`; a wrong one is noticed, since levels would be read while it is off. */
const SOUND_MS = 80;

/** See the head of this file. */
export const wall: Benchmark = {
  name: 'wall',
  title: 'what a wall of tiles costs',
  async run(context) {
    const steps: Step[] = [];
    let most: WallMeasured['most'];
    let isPinned = true;
    const kinds: readonly WallKind[] = context.isSmoke ? ['Chromium'] : ['Chromium', 'Electron'];
    for (const kind of kinds) {
      const stage = new Stage();
      context.stage.own({ name: kind, close: () => stage.close() });
      const timers = { soundMs: SOUND_MS, lumaMs: 1_000 / LARGEST };
      const room = await openWallRoom(stage, kind, timers);
      isPinned &&= room.isPinned;
      const run = new WallRun(context, room, kind);
      for (const count of context.isSmoke ? [1] : SIZES) steps.push(await run.measureSize(count));
      if (kind === 'Chromium' && !context.isSmoke) {
        steps.push(await run.measureSize(CAPACITY));
        most = { count: BARE_CAPACITY, windows: await run.measureBare(BARE_CAPACITY) };
      }
      await context.stage.release(kind);
    }
    return resultOf({ steps, most, isPinned });
  },
};

/** The measurements of one room. */
class WallRun {
  /** The wall that is sent pictures. */
  #rolling: WallSide | undefined;
  #isWarm = false;

  constructor(
    private readonly context: BenchContext,
    private readonly room: WallRoom,
    private readonly kind: WallKind,
  ) {}

  /** Fills both walls, and measures them in turn. */
  async measureSize(count: number): Promise<Step> {
    const { kind, room } = this;
    this.#rolling = undefined;
    await room.grow(count);
    const isHeldToo = kind === 'Chromium' && count === LARGEST;
    const rounds = await interleave<Measured>(
      this.context,
      {
        sightline: async () => {
          const window = await this.#measure(room.sightline);
          return isHeldToo ? { ...window, held: await this.#measureHeld() } : window;
        },
        bare: () => this.#measure(room.bare),
      },
      // Later on both walls have just played all of their pictures.
      {
        name: `${kind}, ${count} ${count === 1 ? 'tile' : 'tiles'}`,
        warmUps: this.#isWarm ? 0 : 1,
      },
    );
    this.#isWarm = true;
    return { kind, count, isCapacity: count === CAPACITY, rounds };
  }

  /** What the bare wall does with more tiles. */
  async measureBare(count: number): Promise<WallWindow[]> {
    this.#rolling = undefined;
    // As much room as the console's wall has.
    const size = { width: 1_424, height: 828 };
    const aspects = Array.from({ length: count }, () => FILM.width / FILM.height);
    await this.room.growBare(arrangeTiles(size, 8, aspects));
    const windows: WallWindow[] = [];
    while (windows.length < this.context.pairs) windows.push(await this.#measure(this.room.bare));
    this.context.say(`${this.kind}, bare, ${count} tiles`);
    return windows;
  }

  async #measure(side: WallSide): Promise<WallWindow> {
    const { settleMs, windowMs } = this.context.isSmoke ? SMOKE : FULL;
    if (side !== this.#rolling) {
      const { sightline, bare } = this.room;
      await (side === bare ? sightline : bare).roll(false);
      await side.roll(true);
      this.#rolling = side;
      await pause(settleMs);
    }
    const end = await watchWall(side);
    await pause(windowMs);
    return end();
  }

  /** The console with reports, looks at brightness and sound levels held back. */
  async #measureHeld(): Promise<WallWindow> {
    const { page } = this.room.sightline;
    const turn = async (isOn: boolean): Promise<void> => {
      await page.evaluate((on) => window.sightlineStatisticsSwitch.turn(on), isOn);
      await pause(SWITCH_MS);
    };
    await turn(false);
    const before = await page.evaluate(readFindings);
    const held = await this.#measure(this.room.sightline);
    const after = await page.evaluate(readFindings);
    await turn(true);
    if (after > before) {
      throw new Error('Figures were found out while that was held back: compare the timers.');
    }
    return held;
  }
}

/** How often the console found something out so far. Runs inside it. */
function readFindings(): number {
  const { reports, looks, levels } = window.sightlineStatisticsSwitch.counts;
  return reports + looks + levels;
}
