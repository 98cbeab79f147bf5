import { describe, expect, it } from 'vitest';
import { idOf } from '../testing/sample-messages';
import { freshIdentity, storedIdentity } from './identity';

const TOKEN = 'a-token-long-enough';

/** The part of `Storage` that counts, over a map. */
class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  [name: string]: unknown;
  get length(): number {
    return this.#items.size;
  }
  clear(): void {
    this.#items.clear();
  }
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }
  removeItem(key: string): void {
    this.#items.delete(key);
  }
  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }
}

class DeniedStorage extends MemoryStorage {
  override getItem(): never {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  }
  override setItem(): never {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  }
}

class FullStorage extends MemoryStorage {
  override setItem(): never {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
  }
}

describe('freshIdentity', () => {
  it('is somebody new each time', () => {
    expect(freshIdentity().clientId).not.toBe(freshIdentity().clientId);
    expect(freshIdentity().resumeToken).toBeUndefined();
  });
});

describe('storedIdentity', () => {
  it('survives a reload once the server has given a token', () => {
    const storage = new MemoryStorage();
    const before = storedIdentity(storage, 'me');
    before.resumeToken = TOKEN;
    const after = storedIdentity(storage, 'me');
    expect(after.clientId).toBe(before.clientId);
    expect(after.resumeToken).toBe(TOKEN);
  });

  it('keeps its id when the token is given up', () => {
    const storage = new MemoryStorage();
    const before = storedIdentity(storage, 'me');
    before.resumeToken = TOKEN;
    before.resumeToken = undefined;
    const after = storedIdentity(storage, 'me');
    expect(after.clientId).toBe(before.clientId);
    expect(after.resumeToken).toBeUndefined();
  });

  it('keeps the identities of different keys apart', () => {
    const storage = new MemoryStorage();
    storedIdentity(storage, 'one').resumeToken = TOKEN;
    expect(storedIdentity(storage, 'two').resumeToken).toBeUndefined();
  });

  for (const [what, text] of Object.entries({
    'text that is no JSON': '{"clientId":',
    'another shape': '[1,2,3]',
    'an id that is no UUID': JSON.stringify({ clientId: 'me', resumeToken: TOKEN }),
    'a token that no server gave': JSON.stringify({ clientId: idOf(1), resumeToken: 'short' }),
    nothing: 'null',
  })) {
    it(`starts as somebody new from ${what}`, () => {
      const storage = new MemoryStorage();
      storage.setItem('me', text);
      const identity = storedIdentity(storage, 'me');
      expect(identity.clientId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/u);
      expect(identity.clientId).not.toBe(idOf(1));
      expect(identity.resumeToken).toBeUndefined();
    });
  }

  for (const storage of [new DeniedStorage(), new FullStorage()]) {
    it(`lives as long as the page with ${storage.constructor.name}`, () => {
      const identity = storedIdentity(storage, 'me');
      identity.resumeToken = TOKEN;
      expect(identity.resumeToken).toBe(TOKEN);
    });
  }
});
