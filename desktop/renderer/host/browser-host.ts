import { signalingOriginOf } from '../../../signal/client/origin';
import type { Host } from './host';
import { keepTabKey, keptTabKey, keyInAddress, takeKeyFromAddress, type KeyPage } from './tab-key';

/** The console as a page: it belongs to the server that served it, and to the link it came by. */
export function browserHost(page: KeyPage): Host {
  return {
    watchServer(listener) {
      const tell = (key: string | undefined): void =>
        listener({
          state: 'ready',
          kind: 'remote',
          origin: signalingOriginOf(page.location),
          ...(key === undefined ? {} : { key }),
        });
      // A link that is opened in the same tab changes no more than the fragment.
      const onHashChange = (): void => {
        const key = takeKeyFromAddress(page);
        if (key !== undefined) tell(key);
      };
      page.addEventListener('hashchange', onHashChange);
      // First of all: signaling connects while the key is put away.
      tell(keyInAddress(page) ?? keptTabKey(page));
      takeKeyFromAddress(page);
      return () => page.removeEventListener('hashchange', onHashChange);
    },
    keepKey: ({ key }) => keepTabKey(page, key),
    watchWindow: () => () => undefined,
    serverSwitch: undefined,
  };
}
