/** Moments at which a connection may be dead or possible again, wired to a client. */

/**
 * Wakes a client when the network returns or changes, and when the page comes to the front (a
 * phone's sockets often die unseen while it sleeps).
 * @returns the way to stop.
 */
export function bindWakeEvents(client: { wake(): void }): () => void {
  const wake = (): void => {
    client.wake();
  };
  const wakeIfVisible = (): void => {
    if (document.visibilityState === 'visible') client.wake();
  };
  const network = networkInformation();
  window.addEventListener('online', wake);
  window.addEventListener('pageshow', wake);
  document.addEventListener('visibilitychange', wakeIfVisible);
  network?.addEventListener('change', wake);
  return () => {
    window.removeEventListener('online', wake);
    window.removeEventListener('pageshow', wake);
    document.removeEventListener('visibilitychange', wakeIfVisible);
    network?.removeEventListener('change', wake);
  };
}

/** `navigator.connection` (Network Information API): Chromium only. */
function networkInformation(): EventTarget | undefined {
  if (!('connection' in navigator)) return undefined;
  return navigator.connection instanceof EventTarget ? navigator.connection : undefined;
}
