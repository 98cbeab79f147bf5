import * as v from 'valibot';
import { clientIdSchema, welcomeSchema } from '../protocol/messages';
import { randomId } from '../protocol/random-id';

/** Who a client is to the server, and the token with which it may come back as the same. */
export interface ClientIdentity {
  readonly clientId: string;
  resumeToken: string | undefined;
}

/** An identity that lives as long as the page. */
export function freshIdentity(): ClientIdentity {
  return { clientId: randomId(), resumeToken: undefined };
}

const storedSchema = v.object({
  clientId: clientIdSchema,
  resumeToken: v.exactOptional(welcomeSchema.entries.resumeToken),
});

/**
 * An identity that survives a reload of its tab. What is unreadable is replaced; a full or denied
 * storage makes it live as long as the page.
 * @param storage `sessionStorage`: shared by reloads of one tab, not by other tabs.
 */
export function storedIdentity(storage: Storage, key: string): ClientIdentity {
  const stored = read(storage, key);
  const clientId = stored?.clientId ?? randomId();
  let token = stored?.resumeToken;
  return {
    clientId,
    get resumeToken() {
      return token;
    },
    set resumeToken(value) {
      token = value;
      write(storage, key, { clientId, resumeToken: value });
    },
  };
}

function read(storage: Storage, key: string): v.InferOutput<typeof storedSchema> | undefined {
  try {
    // eslint-disable-next-line no-restricted-syntax -- reads this page's own storage, validated below
    const value: unknown = JSON.parse(storage.getItem(key) ?? 'null');
    const parsed = v.safeParse(storedSchema, value);
    return parsed.success ? parsed.output : undefined;
  } catch {
    // Not JSON, or storage is denied: start as somebody new.
    return undefined;
  }
}

function write(storage: Storage, key: string, value: object): void {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full or denied: a reload will then be a new client, and nothing else is lost.
  }
}
