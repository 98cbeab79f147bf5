/**
 * Random values that a valibot schema accepts, made from the schema itself: a message that is added
 * to the protocol is fuzzed from that day on. Ids and secrets come out as references, because only
 * whoever sends the value knows which ones mean something at that moment.
 */
import fc from 'fast-check';
import * as v from 'valibot';

/** Stands for an id or a secret until the value is sent. */
export class Reference {
  constructor(
    /** Name of the field it stands in. */
    readonly field: string,
    /** Chooses among what there is. */
    readonly pick: number,
  ) {}
}

/** As much of a schema as can be walked; every schema of valibot fits. */
export interface SchemaNode {
  readonly type: string;
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly wrapped?: SchemaNode;
  readonly item?: SchemaNode;
  readonly pipe?: readonly unknown[];
}

const nodeSchema = v.custom<SchemaNode>(
  (value) => typeof value === 'object' && value !== null && 'type' in value,
);
const actionSchema = v.object({ type: v.string(), requirement: v.unknown() });

/** Fields whose values mean something to the server. */
const REFERENCES: ReadonlySet<string> = new Set([
  'streamId',
  'sessionId',
  'connectionId',
  'clientId',
  'requestId',
  'deviceId',
  'invitationId',
  'key',
  'deviceKey',
  'resumeToken',
]);

/** Long texts are rare, so that a run of 100,000 frames does not take minutes to invent. */
const USUAL_LENGTH = 40;

/** A number nobody has a reason to send, and that every schema without a bound accepts. */
const LARGE_NUMBER = 2 ** 50;

/**
 * Values that a schema accepts.
 * @param field - name of the field that the value is for
 * @throws Error for a kind of schema that the protocol did not use so far
 */
export function arbitraryOf(schema: SchemaNode, field = ''): fc.Arbitrary<unknown> {
  if (REFERENCES.has(field) && schema.type !== 'exact_optional') {
    return fc.nat().map((pick) => new Reference(field, pick));
  }
  switch (schema.type) {
    case 'object':
    case 'strict_object':
      return objectOf(schema.entries ?? {});
    case 'variant':
    case 'union':
      return fc.oneof(
        ...(schema.options ?? []).map((option) => arbitraryOf(v.parse(nodeSchema, option), field)),
      );
    case 'picklist':
      return fc.constantFrom(...(schema.options ?? []));
    case 'literal':
      return fc.constant(schema.literal);
    case 'boolean':
      return fc.boolean();
    case 'nullable':
      return fc.option(arbitraryOf(wrappedBy(schema)), { freq: 4 });
    case 'optional':
    case 'exact_optional':
      return arbitraryOf(wrappedBy(schema), field);
    case 'array':
      return fc.array(arbitraryOf(itemOf(schema)), { maxLength: 3 });
    case 'number':
      return numberOf(actionsOf(schema));
    case 'string':
      return textOf(actionsOf(schema));
    default:
      throw new Error(`Nobody has said how to make a value for a ${schema.type} schema.`);
  }
}

function objectOf(entries: Readonly<Record<string, SchemaNode>>): fc.Arbitrary<unknown> {
  const names = Object.keys(entries);
  const isOptional = (name: string): boolean => entries[name]?.type.endsWith('optional') === true;
  return fc.record(
    Object.fromEntries(
      Object.entries(entries).map(([name, schema]) => [name, arbitraryOf(schema, name)]),
    ),
    { requiredKeys: names.filter((name) => !isOptional(name)), noNullPrototype: true },
  );
}

type Actions = ReadonlyMap<string, unknown>;

function actionsOf({ pipe = [] }: SchemaNode): Actions {
  return new Map(
    pipe.flatMap((part, index) => {
      // A pipe may begin with another one.
      const inner = index === 0 ? v.safeParse(nodeSchema, part) : undefined;
      if (inner?.success === true && inner.output.pipe !== pipe) {
        return [...actionsOf(inner.output)];
      }
      const read = v.safeParse(actionSchema, part);
      return read.success ? [[read.output.type, read.output.requirement] as const] : [];
    }),
  );
}

function numberOf(actions: Actions): fc.Arbitrary<number> {
  const min = boundOf(actions, 'min_value') ?? -LARGE_NUMBER;
  const max = boundOf(actions, 'max_value') ?? LARGE_NUMBER;
  const near = fc.integer({ min, max: Math.min(max, min + 1000) });
  if (actions.has('integer')) return fc.oneof(near, fc.integer({ min, max }));
  return fc.oneof(near, fc.double({ min, max, noNaN: true, noDefaultInfinity: true }));
}

function textOf(actions: Actions): fc.Arbitrary<unknown> {
  if (actions.has('uuid')) return fc.uuid();
  const min = boundOf(actions, 'min_length') ?? 0;
  const max = boundOf(actions, 'max_length') ?? 1000;
  const usual = Math.max(min, Math.min(max, USUAL_LENGTH));
  const pattern = actions.get('regex');
  if (pattern instanceof RegExp) {
    return fc
      .stringMatching(pattern, { maxLength: usual })
      .filter((text) => text.trim().length >= min && text.trim().length <= max);
  }
  const short = fc.string({ minLength: min, maxLength: usual, unit: 'grapheme' });
  const fitting = short.filter((text) => text.length <= max && text.trim().length >= min);
  const full = fc.constantFrom('x', 'é', '\\', '"').map((unit) => unit.repeat(max));
  return fc.oneof({ weight: 60, arbitrary: fitting }, { weight: 1, arbitrary: full });
}

function boundOf(actions: Actions, name: string): number | undefined {
  const bound = actions.get(name);
  return typeof bound === 'number' ? bound : undefined;
}

function wrappedBy(schema: SchemaNode): SchemaNode {
  return v.parse(nodeSchema, schema.wrapped);
}

function itemOf(schema: SchemaNode): SchemaNode {
  return v.parse(nodeSchema, schema.item);
}
