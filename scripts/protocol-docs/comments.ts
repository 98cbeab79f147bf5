/** Reads the comments beside exported constants and their fields, for the protocol's document. */

/** Comments as one line of text each. */
export interface Comments {
  /** By the constant's name. */
  readonly constants: ReadonlyMap<string, string>;
  /** By constant and field, such as `streamSchema.viewerCount`. */
  readonly fields: ReadonlyMap<string, string>;
  /** By constant and the alternative's literal, such as `cameraCommandSchema/torch`. */
  readonly alternatives: ReadonlyMap<string, string>;
}

/** A constant's own text may hold comments with semicolons, which do not end it. */
const CONSTANT =
  /\/\*\*(?<comment>(?:[^*]|\*(?!\/))*)\*\/\nexport const (?<name>\w+)(?<body>(?:\/\*\*(?:[^*]|\*(?!\/))*\*\/|[^;/]|\/(?!\*\*))*;)/gu;
const FIELD = /\/\*\*(?<comment>(?:[^*]|\*(?!\/))*)\*\/\s+(?<name>\w+):/gu;
const ALTERNATIVE =
  /\/\*\*(?<comment>(?:[^*]|\*(?!\/))*)\*\/\s+v\.object\(\{\s*kind: v\.literal\('(?<name>[a-z-]+)'\)/gu;

/** Finds all comments of a source text. */
export function commentsOf(source: string): Comments {
  const constants = new Map<string, string>();
  const fields = new Map<string, string>();
  const alternatives = new Map<string, string>();
  for (const { groups: constant } of source.matchAll(CONSTANT)) {
    if (constant === undefined) continue;
    const { comment = '', name = '', body = '' } = constant;
    constants.set(name, oneLine(comment));
    for (const { groups: field } of body.matchAll(FIELD)) {
      if (field === undefined) continue;
      fields.set(`${name}.${field['name'] ?? ''}`, oneLine(field['comment'] ?? ''));
    }
    for (const { groups: alternative } of body.matchAll(ALTERNATIVE)) {
      const key = `${name}/${alternative?.['name'] ?? ''}`;
      alternatives.set(key, oneLine(alternative?.['comment'] ?? ''));
    }
  }
  return { constants, fields, alternatives };
}

function oneLine(comment: string): string {
  return comment.replace(/\s*\n\s*\*\s?/gu, ' ').trim();
}
