/**
 * What a wall costs: processor time and dropped pictures of a console with 1 to 25 tiles, in Chromium
 * and in Electron, against a bare page with as many `<video>` elements; the cost of all that the
 * console finds out; how many tiles one core presents.
 */
import { pause } from '../../e2e/harness/until';
import type { Benchmark, BenchContext, Pair } from '../core/benchmark';
import { interleave } from '../core/interleave';
import { takingTurns, type Turn } from '../core/taking-turns';
import { withStage } from '../core/with-stage';
import { keepsPace, mostTiles } from './capacity';
import { resultOf, type Measured, type Step, type WallMeasured } from './wall-figures';
import { openWallRoom, type WallKind, type WallRoom } from './wall-room';
import { watchWall, type WallSide, type WallWindow } from './wall-side';

const SIZES = [1, 4, 9, 16, 25];
const LARGEST = 25;

/**
 * Times in milliseconds. The console reads statistics once a second, so that its window has to be a
 * whole number of seconds; a bare wall does nothing by the clock, and twelve pictures of the film are
 * enough. With more tiles it takes longer until all of them play again.
 */
const FULL = { settleMs: 150, settleTileMs: 10, windowMs: 1_000, bareWindowMs: 800 };
const SMOKE = { settleMs: 100, settleTileMs: 0, windowMs: 300, bareWindowMs: 300 };

/** A wall that does not play one more row of tiles after so long cannot, in milliseconds. */
const LADDER_TIMEOUT_MS = 12_000;

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
    let capacity: WallMeasured['capacity'];
    let isPinned = true;
    const kinds: readonly WallKind[] = context.isSmoke ? ['Chromium'] : ['Chromium', 'Electron'];
    for (const kind of kinds) {
      await withStage(`wall ${kind}`, async (stage) => {
        const timers = { soundMs: SOUND_MS, lumaMs: 1_000 / LARGEST };
        const room = await openWallRoom(stage, kind, timers);
        isPinned &&= room.isPinned;
        const run = new WallRun(context, room, kind);
        for (const count of context.isSmoke ? [1] : SIZES) steps.push(await run.measureSize(count));
        if (kind === 'Chromium' && !context.isSmoke) {
          capacity = await run.measureCapacity(steps);
        }
      });
    }
    return resultOf({ steps, capacity, isPinned });
  },
};

/** The measurements of one room. */
class WallRun {
  #isWarm = false;

  constructor(
    private readonly context: BenchContext,
    private readonly room: WallRoom,
    private readonly kind: WallKind,
  ) {}

  /** Fills both walls, and measures them in turn. */
  async measureSize(count: number): Promise<Step> {
    const { kind, room } = this;
    await room.grow(count);
    const isHeldToo = kind === 'Chromium' && count === LARGEST;
    const rounds = await interleave(
      this.context,
      takingTurns<Measured>({
        sightline: this.#turn(room.sightline, count, async () => {
          const window = await this.#measureConsole();
          return isHeldToo ? { ...window, held: await this.#measureHeld() } : window;
        }),
        bare: this.#turn(room.bare, count, () => measureWall(room.bare, this.#times.bareWindowMs)),
      }),
      // Later on both walls have just played all of their pictures.
      {
        name: `${kind}, ${count} ${count === 1 ? 'tile' : 'tiles'}`,
        warmUps: this.#isWarm ? 0 : 1,
      },
    );
    this.#isWarm = true;
    return { kind, count, rounds };
  }

  /** How many tiles each wall presents on its core, while the other one rests elsewhere. */
  async measureCapacity(steps: readonly Step[]): Promise<Pair> {
    const { room, context } = this;
    const most = async (name: 'sightline' | 'bare', other: 'sightline' | 'bare') => {
      const known = steps.filter(({ rounds }) => keepsPace(rounds.map((round) => round[name])));
      room.setAside(other);
      const grow = (count: number): Promise<void> =>
        name === 'bare'
          ? room.growBare(count, LADDER_TIMEOUT_MS)
          : room.growConsole(count, LADDER_TIMEOUT_MS);
      const tiles = await mostTiles(
        { side: room[name], grow },
        Math.max(0, ...known.map(({ count }) => count)),
      );
      context.say(`${this.kind}, ${name} on one core: ${tiles} tiles`);
      return tiles;
    };
    return { sightline: await most('sightline', 'bare'), bare: await most('bare', 'sightline') };
  }

  /** Only the wall that is measured is sent pictures. */
  #turn(side: WallSide, count: number, measure: () => Promise<Measured>): Turn<Measured> {
    const { settleMs, settleTileMs } = this.#times;
    return {
      start: async () => {
        await side.roll(true);
        await pause(settleMs + settleTileMs * count);
      },
      stop: () => side.roll(false),
      measure,
    };
  }

  get #times(): typeof FULL {
    return this.context.isSmoke ? SMOKE : FULL;
  }

  #measureConsole(): Promise<WallWindow> {
    return measureWall(this.room.sightline, this.#times.windowMs);
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
    const held = await this.#measureConsole();
    const after = await page.evaluate(readFindings);
    await turn(true);
    if (after > before) {
      throw new Error('Figures were found out while that was held back: compare the timers.');
    }
    return held;
  }
}

async function measureWall(side: WallSide, windowMs: number): Promise<WallWindow> {
  const end = await watchWall(side);
  await pause(windowMs);
  return end();
}

/** How often the console found something out so far. Runs inside it. */
function readFindings(): number {
  const { reports, looks, levels } = window.sightlineStatisticsSwitch.counts;
  return reports + looks + levels;
}
