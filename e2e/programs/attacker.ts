/**
 * Carries out one attack in a process of its own, so that it can come from another host and takes
 * none of the test's time. Arguments: the attack's name and its target as JSON. Prints one line.
 */
import { constants, setPriority } from 'node:os';
import * as v from 'valibot';
import { ATTACKS } from '../harness/attacks/attacks';
import { targetSchema } from '../harness/attacks/target';

// A real attacker has a processor of its own; this one must not take the browsers' time.
setPriority(constants.priority.PRIORITY_LOW);

const attack = ATTACKS[process.argv[2] ?? ''];
if (attack === undefined) throw new Error(`There is no attack of this name.`);
const target = v.parse(targetSchema, JSON.parse(process.argv[3] ?? ''));
process.stdout.write('ready\n');
const end = performance.now() + target.durationMs;
let rounds = 0;
let outcome = '';
// What is over at once is done again and again, so that there is a time to look at.
do {
  outcome = await attack(target);
  rounds += 1;
} while (performance.now() < end - target.durationMs / 10);
const times = rounds === 1 ? '' : `${rounds} rounds, the last: `;
process.stdout.write(`${times}${outcome}\n`, () => process.exit(0));
