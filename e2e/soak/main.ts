/**
 * Phones and consoles come and go for ten minutes: `npm run test:soak`, with `-- --minutes 60` for
 * longer and `-- --seed 7` for the same course again. Linux only: memory is read from `/proc`.
 */
import { parseArgs } from 'node:util';
import { soak } from './soak';
import { ensureBuilt } from '../../scripts/build';
import { CHROMIUM_VARIABLE, provisionChromium } from '../../scripts/provision/chromium';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
  },
});
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];

if (process.platform !== 'linux') {
  console.log('The soak is not run: it reads memory from /proc, which only Linux has.');
} else if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
  console.error('--minutes takes a number above 0, --seed a whole number.');
  process.exitCode = 2;
} else {
  process.env[CHROMIUM_VARIABLE] = await provisionChromium();
  await ensureBuilt();
  const problems = await soak({ minutes, seed });
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? 'The soak passed.' : `The soak FAILED; seed ${seed}.`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
