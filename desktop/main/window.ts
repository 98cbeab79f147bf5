/** The console's window. */
import { BrowserWindow, dialog, screen } from 'electron';
import path from 'node:path';
import { createCrashLimit } from './crash-limit';
import { tellConsole } from './ipc';
import { reasonOf, type Log } from './log';
import { CONSOLE_URL, webPreferences } from './security';
import type { SettingsFile } from './settings-file';
import { MINIMUM_SIZE, placeWindow } from './window-place';

/** The page's own background, so that nothing flashes white before it is painted. */
const BACKGROUND = '#0b0e13';

/** What the window needs from outside. */
export interface WindowOptions {
  /** Folder that holds the preload script and the icon. */
  bundleDir: string;
  settings: SettingsFile;
  log: Log;
}

/** Opens the console where it was last time, and shows it once it is painted. */
export function openWindow({ bundleDir, settings, log }: WindowOptions): BrowserWindow {
  const remembered = settings.current.window;
  const displays = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()];
  const window = new BrowserWindow({
    ...placeWindow(
      remembered,
      displays.map((display) => display.workArea),
    ),
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    show: false,
    title: 'Sightline',
    backgroundColor: BACKGROUND,
    icon: path.join(bundleDir, 'icon.png'),
    webPreferences: { ...webPreferences, preload: path.join(bundleDir, 'preload.cjs') },
  });
  if (remembered?.isMaximized === true) window.maximize();
  if (remembered?.isFullScreen === true) window.setFullScreen(true);

  window.once('ready-to-show', () => window.show());
  window.on('close', () => rememberPlace(window, settings));
  watchShown(window);
  watchPage(window, log);
  window.loadURL(CONSOLE_URL).catch((error: unknown) => {
    log.error(`the console's page could not be loaded: ${reasonOf(error)}`);
  });
  return window;
}

/** Brings a window to the front wherever it is. */
export function focusWindow(
  window: Pick<BrowserWindow, 'isMinimized' | 'restore' | 'show' | 'focus'>,
): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function rememberPlace(window: BrowserWindow, settings: SettingsFile): void {
  settings.update({
    window: {
      ...window.getNormalBounds(),
      isMaximized: window.isMaximized(),
      isFullScreen: window.isFullScreen(),
    },
  });
}

/** Without throttling in the background a page takes itself for visible, also when nobody sees it. */
function watchShown(window: BrowserWindow): void {
  const tell = (): void =>
    tellConsole('window:shown-changed', window.isVisible() && !window.isMinimized());
  window.on('minimize', tell);
  window.on('restore', tell);
  window.on('hide', tell);
  window.on('show', tell);
  // A page that was loaded meanwhile does not know.
  window.webContents.on('did-finish-load', tell);
}

/** A crashed page is loaded again once; after that a person decides. */
function watchPage(window: BrowserWindow, log: Log): void {
  const mayReload = createCrashLimit();
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    log.error(`the console's page is gone: ${details.reason}, code ${details.exitCode}`);
    if (mayReload(performance.now())) {
      window.webContents.reload();
    } else {
      void askToReload(window);
    }
  });
  window.on('unresponsive', () => log.warn("the console's page does not respond"));
  window.on('responsive', () => log.info("the console's page responds again"));
}

async function askToReload(window: BrowserWindow): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The console stopped working twice within a minute.',
    detail: 'The server and the phones go on. Load the console again, or close it.',
    buttons: ['Load again', 'Close'],
    defaultId: 0,
    cancelId: 1,
  });
  if (window.isDestroyed()) return;
  if (response === 0) window.webContents.reload();
  else window.close();
}
