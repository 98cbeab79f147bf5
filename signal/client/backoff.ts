import type { RetryPolicy } from '../protocol/close-codes';

/**
 * Delays before reconnect attempts, in milliseconds. The first is immediate: most losses are a
 * short hiccup. They grow with the square of the attempt up to 7 s and stay there for ever,
 * because a control room must come back by itself whenever the server does.
 */
const DELAYS_MS = [0, 300, 1200, 2700, 4800, 7000] as const;
const LAST_DELAY_MS = 7000;

/** Least delay where the server asked for patience (it is full, or was flooded). */
const SLOW_DELAY_MS = 7000;

/** Part of a delay that is random, so that a room full of phones does not return in step. */
const JITTER = 0.3;

/**
 * Time to wait before an attempt, in milliseconds.
 * @param attempt 0 for the first attempt after a loss.
 * @param policy what the close code asked for; `never` is the caller's business.
 * @param random a number from 0 to 1.
 */
export function retryDelayMs(attempt: number, policy: RetryPolicy, random: number): number {
  const base = DELAYS_MS[attempt] ?? LAST_DELAY_MS;
  const delay = policy === 'slowly' ? Math.max(base, SLOW_DELAY_MS) : base;
  return Math.round(delay * (1 - JITTER / 2 + JITTER * random));
}
