/**
 * Life of the desktop console: one instance, one window, one server, and a clean end. Everything
 * up to `whenReady` has to happen at once, before Chromium starts.
 */
import { app, BrowserWindow, Menu, net, protocol, session } from 'electron';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { servePage } from './app-pages';
import { disabledFeatures, readListenOptions, type ListenOptions } from './command-line';
import { LanServers } from './discovery/lan-servers';
import { ServerBrowser } from './discovery/server-browser';
import { EmbeddedServer } from './embedded-server';
import { isPortFree } from './free-port';
import { guardAllPages } from './guard';
import { handle, tellConsole } from './ipc';
import { createLog, logLevelOf, reasonOf, withoutKeys } from './log';
import { systemVault } from './key-vault';
import { menuTemplate } from './menu';
import { APP_SCHEME } from './security';
import { ServerKeys } from './server-keys';
import { ServerLink } from './server-link';
import { SettingsFile } from './settings-file';
import { guardCertificates } from './trust/certificate-guard';
import { findServer } from './trust/find-server';
import { lookAtServer } from './trust/secure-look';
import { TrustedServers } from './trust/trusted-servers';
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

  protocol.handle(APP_SCHEME, (request) => servePage(request, pagesDir));
  const userData = app.getPath('userData');
  const settings = new SettingsFile(path.join(userData, 'settings.json'), log);
  const trusted = new TrustedServers(settings);
  const keys = new ServerKeys({ settings, vault: systemVault, log });
  const link = new ServerLink({
    embedded: (onState) =>
      new EmbeddedServer({
        launch: utilityServer(serverBundle),
        listen: listenOptions,
        dataDir: path.join(userData, 'server'),
        isPortFree,
        log,
        forwardLog: (line) => process.stderr.write(`${withoutKeys(line)}\n`),
        onState,
      }),
    find: (wanted) =>
      findServer(wanted, {
        trusted,
        hasKey: (origin) => keys.has(origin),
        fetch: (url, init) => net.fetch(url, init),
        lookAt: lookAtServer,
        nowMs: Date.now,
      }),
    settings,
    keys,
    log,
  });
  guardCertificates({
    session: session.defaultSession,
    pin: () => link.pin,
    onRefused: () => link.recheck(),
    log,
  });
  const browser = listenOptions.discovery === 'off' ? undefined : new ServerBrowser({ log });
  answerPage(link, new LanServers({ link, trusted, browser }));
  closeBeforeQuit(link, browser);
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
  browser?.start();
  openWindow({ bundleDir, settings, log });

  function showWindow(): void {
    const window = BrowserWindow.getAllWindows()[0];
    if (window !== undefined) focusWindow(window);
    else if (app.isReady()) openWindow({ bundleDir, settings, log });
  }
}

function answerPage(link: ServerLink, lan: LanServers): void {
  handle('server:get-state', () => link.state, log);
  handle('server:get-remote-address', () => link.remoteAddress, log);
  handle('server:use-embedded', () => link.useEmbedded(), log);
  handle('server:use-remote', (address) => link.useRemote(address), log);
  handle('server:trust-remote', (decision) => link.trustRemote(decision), log);
  handle('server:keep-key', (kept) => link.keepKey(kept), log);
  handle('servers:get-found', () => lan.found, log);
  handle('servers:use-found', (id) => lan.use(id), log);
  link.onStateChanged((state) => tellConsole('server:state-changed', state));
  lan.onChanged((found) => tellConsole('servers:found-changed', found));
}

/** Holds the end back until the embedded server has told the phones and is gone. */
function closeBeforeQuit(link: ServerLink, browser: ServerBrowser | undefined): void {
  let isClosed = false;
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    browser?.close();
    link
      .close()
      .catch((error: unknown) => log.error(`the server could not be stopped: ${reasonOf(error)}`))
      .finally(() => {
        isClosed = true;
        // Electron ignores a quit that comes before it has taken note of `preventDefault`.
        setImmediate(() => app.quit());
      });
  });
}
