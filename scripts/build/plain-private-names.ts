import { transformWithOxc, type Plugin } from 'vite';

/**
 * Writes our own `#private` names as short plain ones, in built pages only. For phones before
 * Safari 16 and Chrome 94 each would otherwise become a `WeakMap` with helpers around every use:
 * slower, and 2 kB of gzip on a page that has 20. TypeScript has checked the privacy by then, and
 * no class here extends another of ours, so that names of two files cannot meet in one object.
 * @param language the ECMAScript edition that the fields are written for.
 */
export function plainPrivateNames(language: string): Plugin {
  return {
    name: 'sightline:plain-private-names',
    apply: 'build',
    // On the source as written: what follows would turn each into a WeakMap.
    enforce: 'pre',
    async transform(code, id) {
      if (!id.endsWith('.ts') || id.includes('node_modules')) return null;
      const names = privateNamesIn(this.parse(code, { lang: 'ts' }));
      if (names.length === 0) return null;
      // Plain assignments for the fields: no class of ours has a setter they would call.
      const result = await transformWithOxc(rename(code, names), id, {
        target: language,
        tsconfig: false,
        assumptions: { setPublicClassFields: true },
        typescript: { removeClassFieldsWithoutInitializer: true },
      });
      return { code: result.code, map: null };
    },
  };
}

/** A node of ESTree, as far as it is looked at here. */
interface PrivateIdentifier {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Every private name in a program, in the order of the text.
 * @throws Error for the one use of them that plain names cannot stand for.
 */
function privateNamesIn(program: object): readonly PrivateIdentifier[] {
  const found: PrivateIdentifier[] = [];
  const visit = (value: unknown): void => {
    if (!isNode(value)) return;
    if (isPrivateIdentifier(value)) found.push(value);
    if ('left' in value && isNode(value.left) && isPrivateIdentifier(value.left)) {
      throw new Error(`"#${value.left.name} in …" has no plain form; test for it in another way`);
    }
    for (const part of Object.values(value)) visit(part);
  };
  visit(program);
  return found.sort((a, b) => a.start - b.start);
}

/** The same few names in every file: that is what compresses best. */
function rename(code: string, names: readonly PrivateIdentifier[]): string {
  const distinct = [...new Set(names.map(({ name }) => name))];
  let plain = '';
  let done = 0;
  for (const { name, start, end } of names) {
    plain += `${code.slice(done, start)}_${distinct.indexOf(name).toString(36)}`;
    done = end;
  }
  return plain + code.slice(done);
}

function isNode(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isPrivateIdentifier(value: object): value is PrivateIdentifier {
  return 'type' in value && value.type === 'PrivateIdentifier';
}
