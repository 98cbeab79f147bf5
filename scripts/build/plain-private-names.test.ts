import { build } from 'vite';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { plainPrivateNames } from './plain-private-names';

const source = `
class Counter {
  static #made = 0;
  readonly #step: number;
  #count = 0;
  #unset: string | undefined;
  constructor(step: number) { this.#step = step; Counter.#made += 1; }
  get #next() { return this.#count + this.#step; }
  #tell = () => '#count is ' + String(this.#count);
  add() { this.#count = this.#next; return this; }
  toString() { return this.#tell() + ' of ' + String(Counter.#made) + String(this.#unset); }
}
globalThis.told = String(new Counter(2).add().add());
`;
const outputSchema = v.object({ output: v.array(v.object({ code: v.string() })) });

async function bundle(text: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'source',
        resolveId: (id) => (id === 'counter.ts' ? '\0counter.ts' : null),
        load: (id) => (id === '\0counter.ts' ? text : null),
      },
      plainPrivateNames('es2020'),
    ],
    build: {
      write: false,
      minify: false,
      target: 'es2020',
      rolldownOptions: { input: 'counter.ts' },
    },
  });
  return v.parse(outputSchema, Array.isArray(result) ? result[0] : result).output[0]?.code ?? '';
}

describe('plainPrivateNames', () => {
  it('changes nothing about what a class does', async () => {
    const code = await bundle(source);
    const scope: { told?: string } = {};
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- runs what was just built
    new Function('globalThis', code)(scope);
    expect(scope.told).toBe('#count is 4 of 1undefined');
  });

  it('leaves neither private names nor the WeakMaps that replace them', async () => {
    const code = await bundle(source);
    expect(code).toContain('Counter');
    expect(code).not.toMatch(/this\.#|WeakMap|classPrivate|defineProperty/u);
  });

  it('refuses what plain names cannot say', async () => {
    const asks = 'class A { #a = 1; static is(o: object) { return #a in o; } }; A.is({});';
    await expect(bundle(asks)).rejects.toThrow(/#a in/u);
  });
});
