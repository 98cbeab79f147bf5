/**
 * Sightline and the bare baseline in turn, so that whatever the machine does meanwhile, it does to
 * both. Who is first alternates, because the second finds warmer caches and a hotter processor.
 */
import type { BenchContext, Pair } from './benchmark';

/** The two that are compared. Each call measures once. */
export interface Sides<T> {
  readonly sightline: () => Promise<T>;
  readonly bare: () => Promise<T>;
}

/** What both sides measured in one round. */
export interface Round<T> {
  readonly sightline: T;
  readonly bare: T;
}

/** How rounds are run. */
export interface InterleaveOptions {
  /** What is measured, for the progress lines. */
  readonly name: string;
  /** Rounds run first and dropped; one unless told. */
  readonly warmUps?: number;
}

/**
 * Measures both sides in turn, once each for every pair asked for.
 *
 * @returns the rounds, without those that warmed up
 */
export async function interleave<T>(
  { pairs, isSmoke, say }: Pick<BenchContext, 'pairs' | 'isSmoke' | 'say'>,
  sides: Sides<T>,
  { name, warmUps = 1 }: InterleaveOptions,
): Promise<Round<T>[]> {
  const dropped = isSmoke ? 0 : warmUps;
  const rounds: Round<T>[] = [];
  for (let index = 0; index < dropped + pairs; index += 1) {
    const round = await runRound(sides, index % 2 === 0);
    if (index >= dropped) rounds.push(round);
    const number = index < dropped ? 'warm-up, dropped' : `${index - dropped + 1} of ${pairs}`;
    say(`${name}: ${number}`);
  }
  return rounds;
}

async function runRound<T>(sides: Sides<T>, isSightlineFirst: boolean): Promise<Round<T>> {
  if (isSightlineFirst) {
    const sightline = await sides.sightline();
    return { sightline, bare: await sides.bare() };
  }
  const bare = await sides.bare();
  return { sightline: await sides.sightline(), bare };
}

/** One figure out of rounds that measured several. */
export function pairsOf<T>(rounds: readonly Round<T>[], pick: (measured: T) => number): Pair[] {
  return rounds.map(({ sightline, bare }) => ({ sightline: pick(sightline), bare: pick(bare) }));
}
