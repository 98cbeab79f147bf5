/** Random frames: messages of every kind, and the same broken in every way that text can be. */
import fc from 'fast-check';
import { MAX_FRAME_BYTES } from '../../protocol/limits';
import { clientMessageSchema } from '../../protocol/messages';
import { arbitraryOf, Reference } from './schema-arbitrary';

/** What is done to a sound message before it is sent. */
export type Mutation =
  | { readonly kind: 'none' }
  /** Puts another value in place of one of its values. */
  | { readonly kind: 'replace'; readonly at: number; readonly value: unknown }
  | { readonly kind: 'delete'; readonly at: number }
  | { readonly kind: 'add'; readonly name: string; readonly value: unknown }
  /** Cuts the text off. */
  | { readonly kind: 'cut'; readonly at: number }
  /** Overwrites one character of the text. */
  | { readonly kind: 'scratch'; readonly at: number; readonly with: string }
  /** Sends something else altogether. */
  | { readonly kind: 'text'; readonly text: string }
  /** Sends it as a binary frame. */
  | { readonly kind: 'binary' };

/** A frame, before the ids in it are known. */
export interface FrameSpec {
  readonly message: unknown;
  readonly mutation: Mutation;
}

/** How often a message is sent; one that is not named has weight 1. */
const WEIGHTS: Readonly<Record<string, number>> = {
  publish: 10,
  'update-stream': 6,
  unpublish: 2,
  subscribe: 12,
  unsubscribe: 3,
  signal: 40,
  'lobby-picture': 5,
  moderate: 5,
};

/** Deeper than anything in the protocol; a careless walker would run out of stack. */
const DEPTH = 8_000;

const strangeValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    null,
    true,
    '',
    0,
    -1,
    1.5,
    Number.MAX_SAFE_INTEGER,
    -0,
    [],
    {},
    [[]],
    '\u0000',
    '\ud800',
    '__proto__',
    '../../etc/passwd',
    '<img src=x onerror=alert(1)>',
    'x'.repeat(5_000),
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.double(),
  fc.uuid(),
  fc.array(fc.integer(), { maxLength: 3 }),
);

const strangeText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'null',
    '[]',
    '"hello"',
    '42',
    '{"type":"welcome"}',
    '{"type":"constructor"}',
    '{"type":"__proto__"}',
    '{"type":["bye"]}',
    '{"type":"bye","type":"publish"}',
    '{"__proto__":{"type":"bye"}}',
    '\ufeff{"type":"ping","sentAt":1}',
    `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`,
    `{"type":"ping","sentAt":${'9'.repeat(400)}}`,
    '"'.padEnd(MAX_FRAME_BYTES, 'x'),
  ),
  fc.string({ maxLength: 60 }),
  fc.json({ maxDepth: 3 }),
);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 24, arbitrary: fc.constant({ kind: 'none' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('replace' as const),
      at: fc.nat(60),
      value: strangeValue,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('delete' as const), at: fc.nat(60) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      name: fc.constantFrom('__proto__', 'constructor', 'role', 'type', 'clientId', 'x'),
      value: strangeValue,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: fc.nat(400) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('scratch' as const),
      at: fc.nat(400),
      with: fc.constantFrom('"', '{', '}', ',', '\\', '\u0000', '9', '\udfff'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('text' as const), text: strangeText }),
  },
);

/** A binary frame ends its connection, so it has to be rare. */
const rareMutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 400, arbitrary: mutation },
  { weight: 1, arbitrary: fc.constant({ kind: 'binary' as const }) },
);

/** Messages of every kind that a client may send, all of them acceptable to their schemas. */
export const soundMessage: fc.Arbitrary<unknown> = fc.oneof(
  ...clientMessageSchema.options.map((option) => ({
    arbitrary: arbitraryOf(option),
    weight: WEIGHTS[option.entries.type.literal] ?? 1,
  })),
);

/** Frames of every kind. */
export const frameSpec: fc.Arbitrary<FrameSpec> = fc.record({
  message: soundMessage,
  mutation: rareMutation,
});

/** The `type` of a sound message. */
export function typeOf(message: unknown): string {
  return isRecord(message) && typeof message['type'] === 'string' ? message['type'] : '';
}

/** Puts ids in place of references, wherever they stand. */
export function resolve(value: unknown, meaning: (reference: Reference) => unknown): unknown {
  if (value instanceof Reference) return meaning(value);
  if (Array.isArray(value)) return value.map((item) => resolve(item, meaning));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, resolve(part, meaning)]),
  );
}

/** The text to send for a message without references. */
export function textOf(message: unknown, mutation: Mutation): string {
  const text = JSON.stringify(mutated(message, mutation));
  switch (mutation.kind) {
    case 'cut':
      return text.slice(0, mutation.at % text.length);
    case 'scratch': {
      const at = mutation.at % text.length;
      return `${text.slice(0, at)}${mutation.with}${text.slice(at + 1)}`;
    }
    case 'text':
      return mutation.text;
    default:
      return text;
  }
}

function mutated(message: unknown, mutation: Mutation): unknown {
  if (!isRecord(message)) return message;
  switch (mutation.kind) {
    case 'add':
      // Defined, so that "__proto__" becomes a name in the text like any other.
      return Object.defineProperty({ ...message }, mutation.name, {
        value: mutation.value,
        enumerable: true,
        configurable: true,
      });
    case 'replace':
    case 'delete':
      return changeAt(message, mutation);
    default:
      return message;
  }
}

function changeAt(
  message: unknown,
  mutation: Extract<Mutation, { kind: 'replace' | 'delete' }>,
): unknown {
  const total = countValues(message);
  let left = mutation.at % total;
  const walk = (value: unknown): unknown => {
    if (!isRecord(value)) return value;
    const entries = Object.entries(value).flatMap(([name, part]): [string, unknown][] => {
      const isHere = left === 0;
      left -= 1;
      if (!isHere) return [[name, walk(part)]];
      return mutation.kind === 'delete' ? [] : [[name, mutation.value]];
    });
    return Object.fromEntries(entries);
  };
  return walk(message);
}

function countValues(value: unknown): number {
  if (!isRecord(value)) return 0;
  return Object.values(value).reduce<number>((sum, part) => sum + 1 + countValues(part), 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
