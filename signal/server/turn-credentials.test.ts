import { expect, test } from 'vitest';
import { TURN_TTL_SECONDS, turnCredentials } from './turn-credentials';

test.each([
  // printf EXPIRY:ID | openssl dgst -sha1 -hmac SECRET -binary | base64
  ['north', 'a', 1, 'yMgcGUxKlJ6CotG1XsgJ1xigclM='],
  [
    'a secret of the relay',
    '0b3f7a3e-6c1d-4e0a-9a51-3f6a5d1c2b4e',
    1_735_689_600,
    '8YNiDtxYbkwqQQ5/fRfppOZGn40=',
  ],
])('are those that openssl computes: %s', (secret, clientId, expiresAt, credential) => {
  const username = `${expiresAt}:${clientId}`;
  expect(turnCredentials(secret, clientId, expiresAt)).toEqual({ username, credential });
});

test('are good for a day', () => {
  expect(TURN_TTL_SECONDS).toBe(24 * 60 * 60);
});
