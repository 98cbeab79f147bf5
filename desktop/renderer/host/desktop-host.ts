import type { DesktopApi } from '../../bridge/contract';
import { openingWords } from '../wording/opening-words';
import type { Host } from './host';

/** What `current` answers and `onChanged` tells, in order: a change is newer than a late answer. */
function watch<T>(
  current: () => Promise<T>,
  onChanged: (listener: (value: T) => void) => () => void,
  listener: (value: T) => void,
  onSilence: (tell: (value: T) => void) => void,
): () => void {
  let isWatching = true;
  let hasChanged = false;
  const stop = onChanged((value) => {
    hasChanged = true;
    listener(value);
  });
  const tell = (value: T): void => {
    if (isWatching && !hasChanged) listener(value);
  };
  current().then(tell, () => onSilence(tell));
  return () => {
    isWatching = false;
    stop();
  };
}

/** The console in Electron: the main process knows the server, and can change it. */
export function desktopHost(api: DesktopApi): Host {
  return {
    watchServer: (listener) =>
      watch(
        () => api.getServerState(),
        (onChange) => api.onServerStateChanged(onChange),
        listener,
        (tell) => tell({ state: 'failed', kind: 'embedded', message: openingWords.desktopSilent }),
      ),
    keepKey(kept) {
      api.keepServerKey(kept).catch((error: unknown) => {
        // eslint-disable-next-line no-console -- the next start asks for the key again; the developer tools show why
        console.warn('The key was not kept', error);
      });
    },
    watchWindow: (listener) => api.onWindowShownChanged(listener),
    serverSwitch: {
      getRemoteAddress: () => api.getRemoteAddress(),
      useEmbeddedServer: () => api.useEmbeddedServer(),
      useRemoteServer: (address) => api.useRemoteServer(address),
      trustRemoteServer: (decision) => api.trustRemoteServer(decision),
      useFoundServer: (id) => api.useFoundServer(id),
      watchFoundServers: (listener) =>
        watch(
          () => api.getFoundServers(),
          (onChange) => api.onFoundServersChanged(onChange),
          listener,
          (tell) => tell({ isLooking: false, servers: [] }),
        ),
    },
  };
}
