/** Resume tokens: made from random bits, kept only as hashes, compared in constant time. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A fresh token of 192 random bits, in URL-safe text. */
export function createResumeToken(): string {
  return randomBytes(24).toString('base64url');
}

/**
 * What is kept of a token. Tokens are random, so a plain hash cannot be guessed back. Text, because
 * a buffer of 32 bytes takes several hundred.
 */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

/** Whether two hashes (or the absence of a token, null) are the same, in constant time. */
export function sameToken(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return one === other;
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
