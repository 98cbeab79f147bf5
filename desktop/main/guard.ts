/** Applies the decisions of `security.ts` to Electron's sessions and pages. */
import { app, type Session, type WebContents } from 'electron';
import type { Log } from './log';
import { isHeld, isPermitted } from './security';

/** Holds every page that is ever made in this app, ours and any other, to the rules. */
export function guardAllPages(log: Log): void {
  app.on('web-contents-created', (_event, contents) => guardPage(contents, log));
}

/** Denies every permission and device but what `isPermitted` and `isHeld` allow. */
export function guardSession(session: Session, log: Log): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const isGranted = isPermitted(permission, details.requestingUrl) && details.isMainFrame;
    if (!isGranted)
      log.warn(`denied ${permission} to ${details.requestingUrl || contents.getURL()}`);
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
    log.warn(`refused ${what} to ${event.url ?? 'an unnamed place'}`);
  };
  contents.on('will-navigate', refuse('a navigation'));
  contents.on('will-frame-navigate', refuse('a navigation'));
  contents.on('will-redirect', refuse('a redirect'));
  contents.on('will-attach-webview', refuse('a webview'));
  contents.on('select-bluetooth-device', (event, _devices, choose) => {
    event.preventDefault();
    choose('');
  });
  contents.setWindowOpenHandler(({ url }) => {
    log.warn(`refused a window for ${url}`);
    return { action: 'deny' };
  });
}
