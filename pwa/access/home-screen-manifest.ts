/**
 * iOS keeps the storage of home-screen apps apart from the browser's: a page that was let in by a
 * link would be a stranger there. So on iOS the manifest's address to start at carries the key. It
 * is written in this page, for no server may see a key, and a `data:` address is the only one that
 * a page can make up which iOS reads.
 */
import * as v from 'valibot';

/** What is changed of the manifest; everything else stays. */
const manifestSchema = v.looseObject({
  start_url: v.string(),
  scope: v.string(),
  icons: v.array(v.looseObject({ src: v.string() })),
});

type Manifest = v.InferOutput<typeof manifestSchema>;

/**
 * Points a page's manifest link to a manifest that starts with the key.
 * @param link its `href` is that of the static manifest, the first time.
 * @throws Error where the static manifest cannot be had; the link then stays as it was.
 */
export async function bringKeyAlong(link: HTMLLinkElement, key: string): Promise<void> {
  link.dataset['source'] ??= link.href;
  const source = link.dataset['source'];
  const response = await fetch(source);
  const manifest = v.parse(manifestSchema, await response.json());
  link.href = `data:application/manifest+json,${encodeURIComponent(
    JSON.stringify(withKey(manifest, source, key)),
  )}`;
}

/** In a `data:` manifest nothing is relative to the page, except the id, which is to the start. */
function withKey(manifest: Manifest, base: string, key: string): Manifest {
  const absolute = (url: string): string => new URL(url, base).href;
  const start = new URL(manifest.start_url, base);
  start.hash = `key=${key}`;
  return {
    ...manifest,
    start_url: start.href,
    scope: absolute(manifest.scope),
    icons: manifest.icons.map((icon) => ({ ...icon, src: absolute(icon.src) })),
  };
}
