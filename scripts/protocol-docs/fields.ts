/** Puts a valibot schema into words: its fields, what they may be, and their bounds. */

/** What is read of a valibot schema or of a step in its pipe. */
export interface Schema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly item?: Schema;
  readonly wrapped?: Schema;
  readonly literal?: unknown;
  readonly options?: readonly unknown[];
  readonly default?: unknown;
  readonly requirement?: unknown;
  readonly pipe?: readonly Schema[];
}

/** A schema with a table of its own, which others refer to. */
export interface Part {
  readonly title: string;
  readonly schema: Schema;
}

/** One row of a table. */
export interface Field {
  /** Dotted where the schema nests. */
  readonly name: string;
  readonly value: string;
  readonly isOptional: boolean;
  /** What an absent field counts as, in words that follow "may be absent". */
  readonly byDefault: string;
}

/**
 * The fields of an object schema, those of nested objects included. Where an object may be absent,
 * or there is a list of them, it also has a row of its own.
 */
export function fieldsOf(schema: Schema, parts: readonly Part[]): Field[] {
  return Object.entries(schema.entries ?? {}).flatMap(([name, entry]): Field[] => {
    const isOptional = entry.type === 'optional' || entry.type === 'exact_optional';
    const inner = isOptional ? (entry.wrapped ?? entry) : entry;
    const byDefault = entry.default === undefined ? '' : `, ${JSON.stringify(entry.default)} if so`;
    const own = (value: string): Field => ({ name, value, isOptional, byDefault });
    const below = (nested: Schema, prefix: string): Field[] =>
      fieldsOf(nested, parts).map((field) => ({ ...field, name: `${prefix}.${field.name}` }));
    if (isInline(inner, parts)) {
      return [...(isOptional ? [own('object')] : []), ...below(inner, name)];
    }
    if (inner.item !== undefined && isInline(inner.item, parts)) {
      return [own(`list of${mostOf(inner)} objects`), ...below(inner.item, `${name}[]`)];
    }
    return [own(wordsFor(inner, parts))];
  });
}

/** The alternatives of a variant schema; any other schema is its own only one. */
export function variantsOf(schema: Schema): readonly Schema[] {
  return schema.type === 'variant' || schema.type === 'union'
    ? (schema.options ?? []).filter(isSchema)
    : [schema];
}

function wordsFor(schema: Schema, parts: readonly Part[]): string {
  const part = partOf(schema, parts);
  if (part !== undefined)
    return `[${part.title}](#${part.title.toLowerCase().replaceAll(' ', '-')})`;
  switch (schema.type) {
    case 'literal':
      return `\`${String(schema.literal)}\``;
    case 'picklist':
      return (schema.options ?? []).map((option) => `\`${String(option)}\``).join(', ');
    case 'boolean':
      return '`true` or `false`';
    case 'array':
      return `list of${mostOf(schema)}: ${schema.item === undefined ? 'anything' : wordsFor(schema.item, parts)}`;
    case 'nullable':
      return `${schema.wrapped === undefined ? 'anything' : wordsFor(schema.wrapped, parts)}, or \`null\``;
    case 'string':
    case 'number':
      return boundsOf(schema);
    default:
      throw new Error(`A ${schema.type} schema has no words in the protocol's document yet`);
  }
}

/** A string or number with the steps of its pipe. */
function boundsOf(schema: Schema): string {
  const { type } = schema;
  const steps = new Map(stepsOf(schema).map((step) => [step.type, String(step.requirement)]));
  const most = steps.get('max_length');
  const least = steps.get('min_length');
  const low = steps.get('min_value');
  const high = steps.get('max_value');
  const pattern = steps.get('regex');
  const bounds = [
    most !== undefined && least !== undefined ? `${least} to ${most} characters` : undefined,
    most !== undefined && least === undefined ? `at most ${most} characters` : undefined,
    low !== undefined && high !== undefined ? `${low} to ${high}` : undefined,
    low !== undefined && high === undefined ? `at least ${low}` : undefined,
    steps.has('trim') ? 'trimmed' : undefined,
    pattern === undefined ? undefined : `matches \`${pattern}\``,
  ];
  const kind = steps.has('uuid') ? 'UUID' : steps.has('url') ? 'URL' : undefined;
  const plain = type === 'string' ? 'text' : steps.has('integer') ? 'whole number' : 'number';
  return [kind ?? plain, ...bounds.filter((bound) => bound !== undefined)].join(', ');
}

/** The steps after the type itself; a pipe may go on where another one ends. */
function stepsOf({ pipe: [first, ...steps] = [] }: Schema): readonly Schema[] {
  return first === undefined ? [] : [...stepsOf(first), ...steps];
}

/** The bound of a list, where it has one. */
function mostOf(schema: Schema): string {
  const most = stepsOf(schema).find(({ type }) => type === 'max_length');
  return most === undefined ? '' : ` at most ${String(most.requirement)}`;
}

/** An object that is described where it is. */
function isInline(schema: Schema, parts: readonly Part[]): boolean {
  return schema.entries !== undefined && partOf(schema, parts) === undefined;
}

function partOf(schema: Schema, parts: readonly Part[]): Part | undefined {
  return parts.find((part) => part.schema === schema);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && 'type' in value;
}
