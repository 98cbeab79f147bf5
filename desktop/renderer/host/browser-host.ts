import { signalingOriginOf } from '../../../signal/client/origin';
import type { Host } from './host';

/** The console as a page: it belongs to the server that served it. */
export function browserHost(location: { readonly protocol: string; readonly host: string }): Host {
  return {
    watchServer(listener) {
      listener({ state: 'ready', kind: 'remote', origin: signalingOriginOf(location) });
      return () => undefined;
    },
    serverSwitch: undefined,
  };
}
