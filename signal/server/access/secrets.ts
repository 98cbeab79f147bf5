/** Secrets of links, invitations and devices: made from random bits, compared as hashes. */
import { createHash, randomBytes } from 'node:crypto';

/** Bytes of a secret: 128 bits cannot be guessed, and 22 characters still fit a code to scan. */
const SECRET_BYTES = 16;

/** A fresh secret, in base64url. */
export function createSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** What is compared and kept of a secret. Ours are random, so a plain hash cannot be guessed back. */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The same as text, for files. */
export function digestText(secret: string): string {
  return digestOf(secret).toString('base64url');
}
