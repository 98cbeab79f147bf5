/** Applies the decisions of `security.ts` to Electron's sessions and pages. */
import { app, type Session, type WebContents } from 'electron';
import type { Log } from './log';
import { isHeld, isPermitted, placeOf } from './security';

/** Holds every page and session that is ever made in this app, ours and any other, to the rules. */
export function guardAllPages(log: Log): void {
  app.on('web-contents-created', (_event, contents) => guardPage(contents, log));
  app.on('session-created', (session) => guardSession(session, log));
  // Electron would hand the first certificate of this computer's user to whoever asks.
  app.on('select-client-certificate', (event, _contents, url, _certificates, choose) => {
    event.preventDefault();
    log.warn(`refused a client certificate to ${placeOf(url)}`);
    choose();
  });
}

/** Denies every permission and device but what `isPermitted` and `isHeld` allow. */
function guardSession(session: Session, log: Log): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const isGranted = isPermitted(permission, details.requestingUrl) && details.isMainFrame;
    if (!isGranted) {
      const place = placeOf(details.requestingUrl || contents.getURL());
      log.warn(`denied ${permission} to ${place}`);
    }
    answer(isGranted);
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) =>
    isHeld(permission, requestingOrigin, details.mediaType),
  );
  session.setDevicePermissionHandler(() => false);
}

function guardPage(contents: WebContents, log: Log): void {
  const refuse = (what: string) => (event: Electron.Event & { url?: string }) => {
    event.preventDefault();
    log.warn(`refused ${what} to ${placeOf(event.url ?? '')}`);
  };
  contents.on('will-navigate', refuse('a navigation'));
  contents.on('will-frame-navigate', refuse('a navigation'));
  contents.on('will-redirect', refuse('a redirect'));
  contents.on('will-attach-webview', (event, _preferences, params) => {
    event.preventDefault();
    log.warn(`refused a webview of ${placeOf(params['src'] ?? '')}`);
  });
  // The bridge only ever invokes; whoever sends otherwise has got around it.
  const ignore = (_event: Electron.Event, channel: string): void =>
    log.warn(`ignored a message on the channel ${channel.slice(0, 100)}`);
  contents.on('ipc-message', ignore);
  contents.on('ipc-message-sync', ignore);
  contents.on('select-bluetooth-device', (event, _devices, choose) => {
    event.preventDefault();
    choose('');
  });
  contents.setWindowOpenHandler(({ url }) => {
    log.warn(`refused a window for ${placeOf(url)}`);
    return { action: 'deny' };
  });
}
