/**
 * Carries out one attack in a process of its own, so that it can come from another host and takes
 * none of the test's time. Arguments: the attack's name and its target as JSON. Prints one line.
 */
import { constants, setPriority } from 'node:os';
import * as v from 'valibot';
import { ATTACKS } from '../harness/attacks/attacks';
import { GOT_THROUGH, targetSchema } from '../harness/attacks/target';

// A real attacker has a processor of its own; this one must not take the browsers' time.
setPriority(constants.priority.PRIORITY_LOW);

const attack = ATTACKS[process.argv[2] ?? ''];
if (attack === undefined) throw new Error(`There is no attack of this name.`);
const target = v.parse(targetSchema, JSON.parse(process.argv[3] ?? ''));
process.stdout.write('ready\n');
const end = performance.now() + target.durationMs;
let rounds = 0;
let last = '';
/** The first outcome that must not be; later ones do not make it good. */
let worst: string | undefined;
// What is over at once is done again and again, so that there is a time to look at.
do {
  last = await attack(target);
  rounds += 1;
  if (GOT_THROUGH.test(last)) worst ??= last;
} while (performance.now() < end - target.durationMs / 10);
const which = worst === undefined ? 'last' : 'worst';
const times = rounds === 1 ? '' : `${rounds} rounds, the ${which}: `;
process.stdout.write(`${times}${worst ?? last}\n`, () => process.exit(0));
