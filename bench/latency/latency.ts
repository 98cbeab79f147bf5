/**
 * Glass to glass: how old a picture is when it is painted, by the time that is written into it, at
 * 720p30 and 360p30. Both sides film the same drawing, and read it back in the same way; the camera
 * and the display of real devices come on top, for both.
 */
import { openBrowser } from '../../e2e/harness/browsers';
import { openConsole, tileSelector } from '../../e2e/harness/console-page';
import { cameraFlags, openPhone } from '../../e2e/harness/phone-page';
import { startServer } from '../../e2e/harness/signal-server';
import type { Stage } from '../../e2e/harness/stage';
import { addTimedCamera, type TimedPicture } from '../../e2e/harness/timed-picture';
import { BareRoom } from '../bare/bare-room';
import { bitrateOf } from '../bare/same-bitrate';
import type { Benchmark, BenchContext, BenchResult, Comparison, Reading } from '../core/benchmark';
import { interleave, pairsOf, type Round, type Sides } from '../core/interleave';
import { takingTurns } from '../core/taking-turns';
import { withStage } from '../core/with-stage';
import { readAges, settle, type Ages } from './picture-ages';

/** Asked for; see {@link Benchmark}. */
const AIM = 1.1;

/** Fewer pictures a second than this: the machine, or the drawing, fell behind. */
const LEAST_RATE = 25;

const SIZES = [
  { name: '720p30', width: 1280, height: 720 },
  { name: '360p30', width: 640, height: 360 },
] as const;

type Size = (typeof SIZES)[number];

/** Of a desk's window; each tile has more room than the largest picture. */
const DESK = { width: 1440, height: 900 };

/** See the head of this file. */
export const latency: Benchmark = {
  name: 'latency',
  title: 'glass to glass, by a time that is written into the picture',
  async run(context) {
    const results: BenchResult[] = [];
    // The smaller one proves as well that it works.
    for (const size of context.isSmoke ? SIZES.slice(-1) : SIZES) {
      // A stage of its own, so that nothing of the size before takes part.
      const rounds = await withStage(size.name, async (stage) => {
        const sides = await openSides(stage, size, context);
        return interleave(context, sides, { name: size.name });
      });
      results.push(
        resultOf(size, context.isSmoke ? rounds : rounds.filter(isFluent), rounds.length),
      );
    }
    return {
      comparisons: results.flatMap(({ comparisons }) => comparisons),
      readings: results.flatMap(({ readings }) => readings),
      remarks: [
        ...results.flatMap(({ remarks }) => remarks),
        'Camera and display are not in it: a drawing is filmed, and nothing is lit. Sender and ' +
          'viewer share the two cores of the machine.',
      ],
    };
  },
};

async function openSides(
  stage: Stage,
  size: Size,
  { isSmoke }: BenchContext,
): Promise<Sides<Ages>> {
  const picture: TimedPicture = { ...size, framesPerSecond: 30, hasGrain: true };
  const server = await startServer(stage);
  const wall = await openConsole(stage, server);
  const phone = await openPhone(stage, server, { phone: 0, size: '640x360' });
  await addTimedCamera(phone.page, picture);
  await phone.page.reload();

  const desk = await openBrowser(stage, { name: 'bare viewer', context: { viewport: DESK } });
  const bearer = await openBrowser(stage, {
    name: 'bare phone',
    flags: cameraFlags({ phone: 1, size: '640x360' }),
  });
  const room = await BareRoom.open(stage, bearer.context, {
    sending: { maxBitrateBps: bitrateOf(picture) },
    prepare: (page) => addTimedCamera(page, picture),
  });
  const viewer = await room.addViewer(desk.context);

  // The same tile each time: a phone that starts again gives the same stream.
  const tile = async (state: 'live' | 'ended'): Promise<string> => {
    const [seen] = await wall.untilTileCount(1);
    const streamId = seen?.streamId ?? '';
    await wall.untilTileState(streamId, [state]);
    return streamId;
  };
  return takingTurns({
    sightline: {
      start: async () => {
        await phone.start();
        await settle(wall.page, `${tileSelector(await tile('live'))} video`, isSmoke);
      },
      stop: async () => {
        await phone.tap('stop');
        await tile('ended');
      },
      measure: async () =>
        readAges(wall.page, `${tileSelector(await tile('live'))} video`, isSmoke),
    },
    bare: {
      start: async () => {
        await room.start();
        await settle(viewer, 'video', isSmoke);
      },
      stop: () => room.stop(),
      measure: () => readAges(viewer, 'video', isSmoke),
    },
  });
}

/** Whether both sides kept pace. */
function isFluent({ sightline, bare }: Round<Ages>): boolean {
  return [sightline, bare].every(({ rate }) => rate >= LEAST_RATE);
}

function resultOf({ name }: Size, rounds: readonly Round<Ages>[], measured: number): BenchResult {
  const dropped = measured - rounds.length;
  const compare = (figure: string, pick: (ages: Ages) => number, aim?: number): Comparison => ({
    name: `${name}: ${figure}`,
    unit: 'ms',
    better: 'less',
    pairs: pairsOf(rounds, pick),
    ...(aim === undefined ? {} : { aim }),
  });
  const read = (figure: string, unit: string, pick: (ages: Ages) => number): Reading[] => [
    { name: `${name}: ${figure}`, unit, values: rounds.map((round) => pick(round.sightline)) },
    { name: `${name}: ${figure} of bare`, unit, values: rounds.map((round) => pick(round.bare)) },
  ];
  return {
    comparisons: [
      compare('half of all pictures are younger', ({ p50 }) => p50, AIM),
      compare('19 of 20 are younger', ({ p95 }) => p95),
    ],
    readings: [
      ...read('width', 'px', ({ width }) => width),
      ...read('pictures a second', 'fps', ({ rate }) => rate),
    ],
    remarks:
      dropped === 0
        ? []
        : [`${name}: ${dropped} rounds dropped, with fewer than ${LEAST_RATE} pictures a second.`],
  };
}
