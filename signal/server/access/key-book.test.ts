import { describe, expect, test } from 'vitest';
import { MAX_INVITATIONS } from '../../protocol/limits';
import { KeyBook, type InvitationRequest } from './key-book';
import { freshRoomState } from './room-state';
import { digestText } from './secrets';

const HOUR_MS = 3_600_000;

function freshBook(): KeyBook {
  return new KeyBook(freshRoomState().keys, []);
}

function ask(book: KeyBook, key: string | undefined, user = 'user', epochMs = 0) {
  return book.verify({ key, clientType: 'viewer', userDigest: digestText(user), epochMs });
}

function invited(book: KeyBook, request: Partial<InvitationRequest> = {}): string {
  const key = book.invite({ role: 'viewer', name: 'Guests', ...request }, 0);
  if (key === undefined) throw new Error('full');
  return key;
}

/** Comes in and is counted, as the registry does it. */
function enter(book: KeyBook, key: string, user: string): boolean {
  const grant = ask(book, key, user);
  if (!grant.ok) throw new Error(grant.error.message);
  return book.use(grant.value, digestText(user));
}

describe('invitations', () => {
  test('let in until they expire', () => {
    const book = freshBook();
    const key = invited(book, { validForMs: HOUR_MS });
    expect(ask(book, key, 'user', HOUR_MS - 1)).toMatchObject({
      ok: true,
      value: { role: 'viewer', invitation: { name: 'Guests' } },
    });
    expect(ask(book, key, 'user', HOUR_MS)).toMatchObject({
      error: { id: 'key-refused', message: expect.stringContaining('expired') as string },
    });
  });

  test('let in as many devices as they say, each as often as it likes', () => {
    const book = freshBook();
    const key = invited(book, { maxUses: 2 });
    expect(enter(book, key, 'one')).toBe(true);
    expect(enter(book, key, 'one')).toBe(false);
    expect(enter(book, key, 'two')).toBe(true);
    expect(ask(book, key, 'three')).toMatchObject({
      error: { message: expect.stringContaining('used up') as string },
    });
    expect(ask(book, key, 'two').ok).toBe(true);
    expect(book.invitations).toMatchObject([{ uses: 2, maxUses: 2 }]);
  });

  test('are worthless once revoked', () => {
    const book = freshBook();
    const key = invited(book);
    const { invitationId } = book.invitations[0]!;
    expect(book.revoke(invitationId)).toBe(true);
    expect(book.revoke(invitationId)).toBe(false);
    expect(ask(book, key)).toMatchObject({ error: { id: 'key-refused' } });
  });

  test('are so many and no more; expired ones make room', () => {
    const book = freshBook();
    invited(book, { validForMs: 1 });
    for (let made = 1; made < MAX_INVITATIONS; made += 1) invited(book);
    expect(book.invite({ role: 'viewer', name: 'Late' }, 0)).toBeUndefined();
    expect(book.invite({ role: 'viewer', name: 'Late' }, 1)).toBeDefined();
    expect(book.invitations).toHaveLength(MAX_INVITATIONS);
  });

  test('show operators no key, and keep none', () => {
    const book = freshBook();
    const key = invited(book);
    enter(book, key, 'one');
    expect(JSON.stringify([book.invitations, book.stored])).not.toContain(key);
    expect(JSON.stringify(book.invitations)).not.toContain(digestText(key));
  });
});

test('a changed link is worthless, the others go on', () => {
  const book = freshBook();
  const before = book.keys;
  const grant = ask(book, before.viewer);
  const fresh = book.rotate('viewer');
  expect(ask(book, before.viewer)).toMatchObject({ error: { id: 'key-refused' } });
  expect(ask(book, fresh).ok).toBe(true);
  expect(ask(book, before.operator).ok).toBe(true);
  expect(grant.ok && book.isOutdated(grant.value)).toBe(true);
});
