import type { DesktopApi } from '../../bridge/contract';
import { browserHost } from './browser-host';
import { desktopHost } from './desktop-host';
import type { Host } from './host';
import type { KeyPage } from './tab-key';

declare global {
  interface Window {
    /** Put there by Electron's preload script. */
    readonly sightline?: DesktopApi;
  }
}

/** Decides once, at the start, where the console runs. */
export function chooseHost(page: KeyPage & Pick<Window, 'sightline'>): Host {
  return page.sightline === undefined ? browserHost(page) : desktopHost(page.sightline);
}
