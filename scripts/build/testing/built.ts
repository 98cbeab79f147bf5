/** What a build would write, held in memory, and which of it a page needs before anything works. */
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { build, type InlineConfig } from 'vite';

const chunkSchema = v.object({
  type: v.literal('chunk'),
  code: v.string(),
  fileName: v.string(),
  isEntry: v.boolean(),
  imports: v.array(v.string()),
  name: v.string(),
});

const assetSchema = v.object({
  type: v.literal('asset'),
  fileName: v.string(),
  source: v.union([v.string(), v.instance(Uint8Array)]),
});

const outputSchema = v.object({ output: v.array(v.variant('type', [chunkSchema, assetSchema])) });

/** A script of a build. */
export type BuiltChunk = v.InferOutput<typeof chunkSchema>;

/** What a build would write. */
export interface Built {
  readonly chunks: readonly BuiltChunk[];
  readonly assets: readonly v.InferOutput<typeof assetSchema>[];
  /** The scripts that pages begin with, and all that these import. */
  readonly first: ReadonlySet<BuiltChunk>;
}

/** Builds as for production: with `NODE_ENV` set to anything else, Vue brings what development needs. */
export async function buildInMemory(config: InlineConfig | undefined): Promise<Built> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    ...config,
    build: { ...config?.build, write: false },
  });
  const { output } = v.parse(outputSchema, built);
  const chunks = output.filter((file) => file.type === 'chunk');
  const assets = output.filter((file) => file.type === 'asset');
  const first = new Set(chunks.filter(({ isEntry }) => isEntry));
  // A set also walks what is added on the way: imports of imports.
  for (const { imports } of first) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) first.add(chunk);
  }
  return { chunks, assets, first };
}

/** Bytes of some files, gzipped one by one as they are sent. */
export function gzippedBytes(files: Iterable<string | Uint8Array>): number {
  let bytes = 0;
  for (const file of files) bytes += gzipSync(file, { level: 9 }).byteLength;
  return bytes;
}
