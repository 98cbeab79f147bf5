/**
 * Life of the desktop console: one instance, one window, one server, and a clean end. Everything
 * up to `whenReady` has to happen at once, before Chromium starts.
 */
import { app, BrowserWindow, Menu, net, protocol, session } from 'electron';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { servePage } from './app-pages';
import { disabledFeatures, readListenOptions, type ListenOptions } from './command-line';
import { EmbeddedServer } from './embedded-server';
import { isPortFree } from './free-port';
import { guardAllPages, guardSession } from './guard';
import { handle, send } from './ipc';
import { createLog, logLevelOf, reasonOf } from './log';
import { menuTemplate } from './menu';
import { APP_SCHEME } from './security';
import { ServerLink } from './server-link';
import { reachableOrigin } from './server-probe';
import { SettingsFile } from './settings-file';
import { utilityServer } from './utility-server';
import { focusWindow, openWindow } from './window';

const bundleDir = path.dirname(fileURLToPath(import.meta.url));
const pagesDir = path.join(bundleDir, '..', 'web', 'live-streams');
const serverBundle = path.join(bundleDir, '..', 'server', 'main.cjs');

// A terminal that has been closed takes no more log lines; that must not end the show.
process.stderr.on('error', () => undefined);
const log = createLog(logLevelOf(process.env['SIGHTLINE_LOG_LEVEL']), (line) =>
  process.stderr.write(line),
);

prepareChromium();
const listen = readOptionsOrExit();
if (app.requestSingleInstanceLock()) {
  run(listen).catch((error: unknown) => {
    log.error(`the desktop could not start: ${reasonOf(error)}`);
    app.exit(1);
  });
} else {
  log.info('Sightline is already running; its window comes to the front');
  app.exit(0);
}

function prepareChromium(): void {
  app.setName('Sightline');
  app.setAppUserModelId('app.sightline.desktop');
  const switches = app.commandLine;
  switches.appendSwitch(
    'disable-features',
    disabledFeatures(switches.getSwitchValue('disable-features')),
  );
  // Root on Linux can only run unsandboxed (tests do); asking for the sandbox then ends the app.
  if (!switches.hasSwitch('no-sandbox')) app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

function readOptionsOrExit(): ListenOptions {
  try {
    return readListenOptions(app.commandLine, process.env);
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n`);
    process.exit(2);
  }
}

async function run(listenOptions: ListenOptions): Promise<void> {
  guardAllPages(log);
  app.on('second-instance', showWindow);
  app.on('activate', showWindow);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  await app.whenReady();

  guardSession(session.defaultSession, log);
  protocol.handle(APP_SCHEME, (request) => servePage(request, pagesDir));
  const settings = new SettingsFile(path.join(app.getPath('userData'), 'settings.json'), log);
  const link = new ServerLink({
    embedded: (onState) =>
      new EmbeddedServer({
        launch: utilityServer(serverBundle),
        listen: listenOptions,
        isPortFree,
        log,
        forwardLog: (line) => process.stderr.write(`${line}\n`),
        onState,
      }),
    probe: (origins) => reachableOrigin(origins, (url, init) => net.fetch(url, init)),
    settings,
    log,
  });
  answerPage(link);
  closeBeforeQuit(link);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        isMac: process.platform === 'darwin',
        isPackaged: app.isPackaged,
        onAbout: () => app.showAboutPanel(),
      }),
    ),
  );
  app.setAboutPanelOptions({
    applicationName: 'Sightline',
    applicationVersion: app.getVersion(),
    copyright: 'MIT license, the Sightline developers',
  });
  link.start();
  openWindow({ bundleDir, settings, log });

  function showWindow(): void {
    const window = BrowserWindow.getAllWindows()[0];
    if (window !== undefined) focusWindow(window);
    else if (app.isReady()) openWindow({ bundleDir, settings, log });
  }
}

function answerPage(link: ServerLink): void {
  handle('server:get-state', () => link.state, log);
  handle('server:get-remote-address', () => link.remoteAddress, log);
  handle('server:use-embedded', () => link.useEmbedded(), log);
  handle('server:use-remote', (address) => link.useRemote(address), log);
  link.onStateChanged((state) => {
    for (const window of BrowserWindow.getAllWindows()) {
      send(window.webContents, 'server:state-changed', state);
    }
  });
}

/** Holds the end back until the embedded server has told the phones and is gone. */
function closeBeforeQuit(link: ServerLink): void {
  let isClosed = false;
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    link
      .close()
      .catch((error: unknown) => log.error(`the server could not be stopped: ${reasonOf(error)}`))
      .finally(() => {
        isClosed = true;
        app.quit();
      });
  });
}
