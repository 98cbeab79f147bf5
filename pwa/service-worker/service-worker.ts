/**
 * Keeps the shell of `/stream` on the phone, so that it opens at once, and says what it is
 * looking for when there is no network. It answers for nothing else: the console, the light page,
 * `/healthz` and signaling (WebSockets never pass here) always go to the server.
 */
import { createHandlerBoundToURL, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope & {
  /** Put in by the build. */
  readonly __WB_MANIFEST: readonly PrecacheEntry[];
};

precacheAndRoute([...self.__WB_MANIFEST]);

// Whatever its query: the address may carry keys.
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/stream'), { allowlist: [/^\/stream(?:\?|$)/u] }),
);

self.addEventListener('message', ({ data }: ExtendableMessageEvent) => {
  // Sent by workbox-window's `messageSkipWaiting`, when a person wants the new version now.
  if (isSkipWaiting(data)) void self.skipWaiting();
});

function isSkipWaiting(data: unknown): boolean {
  return (
    typeof data === 'object' && data !== null && 'type' in data && data.type === 'SKIP_WAITING'
  );
}
