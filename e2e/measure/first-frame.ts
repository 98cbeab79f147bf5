/**
 * Measures how long the wall waits for a phone: from the tap on Start to the first frame painted on
 * a console that is already open, and how large that frame is. Runs alone:
 * `npx tsx e2e/measure/first-frame.ts [rounds] [stream|mobileStream]`.
 *
 * One server, one phone in 720p and one console over loopback, each in its own process. The first
 * round is thrown away: a browser's first camera and first connection take longer.
 */
import { ensureBuilt } from '../../scripts/build';
import { openConsole, type ConsolePage } from '../harness/console-page';
import { openPhone, type PhonePage } from '../harness/phone-page';
import { startServer } from '../harness/signal-server';
import { Stage } from '../harness/stage';
import { until } from '../harness/until';

interface Round {
  milliseconds: number;
  size: string;
}

const rounds = Number(process.argv[2] ?? 12);
const page = process.argv[3] === 'mobileStream' ? 'mobileStream' : 'stream';

await ensureBuilt();
const stage = new Stage();
try {
  const server = await startServer(stage);
  const wall = await openConsole(stage, server);
  await until(
    'the console',
    () => wall.serverState(),
    (state) => state === 'live',
  );
  const phone = await openPhone(stage, server, { phone: 0, page, size: '1280x720' });
  const measured: Round[] = [];
  for (let round = 0; round <= rounds; round += 1) measured.push(await runRound(wall, phone));
  print(measured.slice(1));
} finally {
  await stage.close();
}

async function runRound(wall: ConsolePage, phone: PhonePage): Promise<Round> {
  await wall.page.evaluate(() => window.sightlineProbe.firstFrames.splice(0));
  await phone.start();
  const frame = await until(
    'the first frame',
    () => wall.page.evaluate(() => window.sightlineProbe.firstFrames.at(0)),
    (seen) => seen !== undefined,
  );
  const tappedAt = await phone.page.evaluate(() => window.sightlineProbe.startTappedAt);
  if (frame === undefined || tappedAt === undefined) throw new Error('A round was not recorded.');
  await phone.tap('stop');
  await phone.untilState('idle');
  await wall.untilTileCount(0, { timeoutMs: 30_000 });
  return { milliseconds: frame.at - tappedAt, size: `${frame.width}x${frame.height}` };
}

function print(measured: Round[]): void {
  const times = measured.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const middle = times.length / 2;
  const median = ((times[Math.ceil(middle) - 1] ?? 0) + (times[Math.floor(middle)] ?? 0)) / 2;
  const sizes = [...new Set(measured.map(({ size }) => size))].join(', ');
  console.log(`Tap on Start to first frame on the wall, /${page}, ${times.length} rounds:`);
  console.log(`  median ${median} ms (${times[0] ?? 0} to ${times.at(-1) ?? 0} ms)`);
  console.log(`  first frame: ${sizes}`);
}
