/**
 * The service worker's registration. It only makes the page open without a network and faster;
 * everything works without it, so its failures are not shown to anybody.
 */
import { Workbox } from 'workbox-window';
import type { UpdateOffer } from './update-offer';

/** Covers the phone page alone: consoles and the light page never pass through it. */
const SCOPE = '/stream';

/** Registers it, and offers each newer version that it finds. Call after the page has loaded. */
export async function registerServiceWorker(
  container: object | undefined,
  offer: UpdateOffer,
): Promise<void> {
  if (container === undefined) return;
  const workbox = new Workbox('/sw.js', { scope: SCOPE });
  workbox.addEventListener('waiting', () => {
    offer.offer(() => {
      // Only in the tab whose person asked: another tab of this phone may be live.
      workbox.addEventListener('controlling', () => window.location.reload());
      workbox.messageSkipWaiting();
    });
  });
  try {
    await workbox.register();
  } catch {
    // Such as under a certificate that was only waved through: the page works without it.
    return;
  }
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return;
    // An installed page may stay open for days; offline this fails, and the next return asks again.
    workbox.update().catch(() => undefined);
  });
}
