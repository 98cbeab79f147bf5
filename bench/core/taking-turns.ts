/**
 * Two sides of which only one runs at a time. Who is first alternates from round to round, so that
 * each is measured twice in a row and started, which takes longer, only once for that.
 */
import type { Sides } from './interleave';

/** A side that can be started and stopped. */
export interface Turn<T> {
  /** Resolves when it has settled. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly measure: () => Promise<T>;
}

/** Makes sides of which the other one is stopped before one is measured. Neither runs at first. */
export function takingTurns<T>({
  sightline,
  bare,
}: {
  readonly sightline: Turn<T>;
  readonly bare: Turn<T>;
}): Sides<T> {
  let running: Turn<T> | undefined;
  const measure = async (turn: Turn<T>): Promise<T> => {
    if (running !== turn) {
      await running?.stop();
      running = turn;
      await turn.start();
    }
    return turn.measure();
  };
  return { sightline: () => measure(sightline), bare: () => measure(bare) };
}
