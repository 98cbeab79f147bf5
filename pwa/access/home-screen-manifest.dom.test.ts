import { afterEach, expect, it, vi } from 'vitest';
import manifest from '../public/manifest.webmanifest?raw';
import { bringKeyAlong } from './home-screen-manifest';

const ORIGIN = 'https://192.0.2.7:8443';

function manifestLink(): HTMLLinkElement {
  const link = document.createElement('link');
  link.rel = 'manifest';
  link.href = `${ORIGIN}/manifest.webmanifest`;
  return link;
}

function written(link: HTMLLinkElement): unknown {
  return JSON.parse(decodeURIComponent(link.href.replace('data:application/manifest+json,', '')));
}

afterEach(() => {
  vi.unstubAllGlobals();
});

it('starts with the key, as the same app, and changes with the key', async () => {
  const ask = vi.fn(() => Promise.resolve(new Response(manifest)));
  vi.stubGlobal('fetch', ask);
  const link = manifestLink();
  await bringKeyAlong(link, 'key-of-the-first-link-');
  const fixed: unknown = JSON.parse(manifest);
  expect(written(link)).toMatchObject({
    id: (fixed as { id: string }).id,
    name: 'Sightline camera',
    start_url: `${ORIGIN}/stream#key=key-of-the-first-link-`,
    scope: `${ORIGIN}/`,
    icons: [{ src: `${ORIGIN}/icons/icon-192.png`, sizes: '192x192' }, {}, {}],
  });
  await bringKeyAlong(link, 'key-of-the-second-link');
  expect(written(link)).toMatchObject({ start_url: `${ORIGIN}/stream#key=key-of-the-second-link` });
  expect(ask).toHaveBeenLastCalledWith(`${ORIGIN}/manifest.webmanifest`);
});

it('leaves the link alone where the manifest cannot be had', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  const link = manifestLink();
  await expect(bringKeyAlong(link, 'key-of-the-first-link-')).rejects.toThrow();
  expect(link.href).toBe(`${ORIGIN}/manifest.webmanifest`);
});
