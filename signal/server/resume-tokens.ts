/** Resume tokens: made from random bits, kept only as hashes, compared in constant time. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A fresh token of 192 random bits, in URL-safe text. */
export function createResumeToken(): string {
  return randomBytes(24).toString('base64url');
}

/** What is kept of a token. Tokens are random, so a plain hash cannot be guessed back. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Whether two hashes (or the absence of a token, null) are the same, in constant time. */
export function sameToken(one: Buffer | null, other: Buffer | null): boolean {
  if (one === null || other === null) return one === other;
  return timingSafeEqual(one, other);
}
