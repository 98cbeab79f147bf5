import type { DesktopApi, ServerState } from '../../bridge/contract';
import { words } from '../wording';
import type { Host } from './host';

/** The console in Electron: the main process knows the server, and can change it. */
export function desktopHost(api: DesktopApi): Host {
  return {
    watchServer(listener) {
      let isWatching = true;
      let hasChanged = false;
      const stop = api.onServerStateChanged((state) => {
        hasChanged = true;
        listener(state);
      });
      // A change that arrives before the first answer is newer than that answer.
      const tell = (state: ServerState): void => {
        if (isWatching && !hasChanged) listener(state);
      };
      api.getServerState().then(tell, () => {
        tell({ state: 'failed', kind: 'embedded', message: words.server.desktopSilent });
      });
      return () => {
        isWatching = false;
        stop();
      };
    },
    serverSwitch: {
      getRemoteAddress: () => api.getRemoteAddress(),
      useEmbeddedServer: () => api.useEmbeddedServer(),
      useRemoteServer: (address) => api.useRemoteServer(address),
    },
  };
}
