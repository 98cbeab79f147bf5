/**
 * What the page runs first, and all that it needs for pictures to connect. The console is loaded
 * meanwhile and takes over from here.
 */
import './design/tokens.css';
import './design/base.css';
import { chooseHost } from './host/choose-host';
import { LinkAhead } from './server/link-ahead';
import { openLink } from './server/open-link';
import { showLoadFailure } from './shell/load-failure';

const host = chooseHost(window);
const ahead = new LinkAhead({ host, openLink });

// The page may be left before there is a console to say goodbye.
window.addEventListener('pagehide', () => ahead.close(), { once: true });

try {
  const [{ startConsole }] = await Promise.all([import('./start-console'), ahead.settled]);
  startConsole({ host, ahead });
} catch (error) {
  ahead.close();
  showLoadFailure(document);
  throw error;
}
