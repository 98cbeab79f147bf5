import { describe, expect, it, vi } from 'vitest';
import type { DesktopApi, ServerState } from '../../bridge/contract';
import { FakeDesktop } from '../../bridge/fake-desktop';
import { browserHost } from './browser-host';
import { chooseHost } from './choose-host';
import { desktopHost } from './desktop-host';
import type { KeyPage } from './tab-key';

const KEY = 'Zm9vYmFyYmF6cXV4LTEyMw';

const starting: ServerState = { state: 'starting', kind: 'embedded' };
const ready: ServerState = { state: 'ready', kind: 'embedded', origin: 'ws://127.0.0.1:8443' };

function fakeDesktop(answer: Promise<ServerState>): {
  api: DesktopApi;
  change: (state: ServerState) => void;
  listenerCount: () => number;
} {
  const listeners = new Set<(state: ServerState) => void>();
  return {
    api: {
      getServerState: () => answer,
      getRemoteAddress: () => Promise.resolve('studio.local:8443'),
      useEmbeddedServer: () => Promise.resolve({ ok: true }),
      useRemoteServer: () => Promise.resolve({ ok: true }),
      trustRemoteServer: () => Promise.resolve({ ok: true }),
      useFoundServer: () => Promise.resolve({ ok: true }),
      keepServerKey: () => Promise.resolve(true),
      getFoundServers: () => Promise.reject(new Error('no handler')),
      onFoundServersChanged: () => () => undefined,
      onWindowShownChanged: () => () => undefined,
      onServerStateChanged(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    change: (state) => {
      for (const listener of listeners) listener(state);
    },
    listenerCount: () => listeners.size,
  };
}

/** A page at an address, with what it keeps. */
function fakePage(address: string, stored = new Map<string, string>()) {
  const location = new URL(address);
  const listeners = new Set<() => void>();
  let shown = address;
  const page = {
    location,
    history: {
      state: null,
      replaceState(_state: unknown, _title: string, url: string) {
        shown = url;
        location.hash = '';
      },
    },
    sessionStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
    },
    addEventListener: (_type: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_type: string, listener: () => void) => listeners.delete(listener),
  } as unknown as KeyPage;
  return {
    page,
    stored,
    shown: () => shown,
    open: (hash: string): void => {
      location.hash = hash;
      for (const listener of listeners) listener();
    },
    listenerCount: () => listeners.size,
  };
}

describe('browserHost', () => {
  it('finds signaling where the page came from', () => {
    const listener = vi.fn();
    const host = browserHost(fakePage('https://studio.local:8443/live-streams').page);
    host.watchServer(listener);
    expect(listener).toHaveBeenCalledExactlyOnceWith({
      state: 'ready',
      kind: 'remote',
      origin: 'wss://studio.local:8443',
    });
    expect(host.serverSwitch).toBeUndefined();
  });

  it('takes the key out of the address, and has it again after a reload', () => {
    const { page, stored, shown } = fakePage(`https://studio.local/live-streams?a=1#key=${KEY}`);
    const listener = vi.fn();
    browserHost(page).watchServer(listener);
    expect(listener).toHaveBeenCalledWith(expect.objectContaining({ key: KEY }));
    expect(shown()).toBe('/live-streams?a=1');
    const reloaded = fakePage('https://studio.local/live-streams?a=1', stored);
    browserHost(reloaded.page).watchServer(listener);
    expect(listener).toHaveBeenLastCalledWith(expect.objectContaining({ key: KEY }));
  });

  it('keeps a renewed key for the next reload', () => {
    const { page, stored } = fakePage(`https://studio.local/live-streams#key=${KEY}`);
    browserHost(page).keepKey({ origin: 'wss://studio.local', key: 'renewed-key-renewed-key' });
    expect([...stored.values()]).toEqual(['renewed-key-renewed-key']);
  });

  it('takes the key of a link that is opened in the same tab, until it is told to stop', () => {
    const { page, open, listenerCount } = fakePage('https://studio.local/live-streams');
    const listener = vi.fn();
    const stop = browserHost(page).watchServer(listener);
    open('#elsewhere');
    expect(listener).toHaveBeenCalledTimes(1);
    open(`#key=${KEY}`);
    expect(listener).toHaveBeenLastCalledWith(expect.objectContaining({ key: KEY }));
    stop();
    expect(listenerCount()).toBe(0);
  });

  it('goes on without storage', () => {
    const { page } = fakePage(`https://studio.local/live-streams#key=${KEY}`);
    const denied = Object.defineProperty({ ...page }, 'sessionStorage', {
      get: () => {
        throw new Error('denied');
      },
    });
    const listener = vi.fn();
    browserHost(denied).watchServer(listener);
    expect(listener).toHaveBeenCalledWith(expect.objectContaining({ key: KEY }));
  });
});

describe('desktopHost', () => {
  it('tells the present state, then every change', async () => {
    const desktop = fakeDesktop(Promise.resolve(starting));
    const seen: ServerState[] = [];
    const stop = desktopHost(desktop.api).watchServer((state) => seen.push(state));
    await vi.waitFor(() => expect(seen).toEqual([starting]));
    desktop.change(ready);
    expect(seen).toEqual([starting, ready]);
    stop();
    expect(desktop.listenerCount()).toBe(0);
  });

  it('drops an answer that a change has overtaken', async () => {
    const answer = Promise.resolve(starting);
    const desktop = fakeDesktop(answer);
    const seen: ServerState[] = [];
    desktopHost(desktop.api).watchServer((state) => seen.push(state));
    desktop.change(ready);
    await answer;
    expect(seen).toEqual([ready]);
  });

  it('hands a key to the app to keep, and lives on when the app cannot', async () => {
    const { api } = fakeDesktop(Promise.resolve(ready));
    const keepServerKey = vi.fn(() => Promise.reject(new Error('failed')));
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    desktopHost({ ...api, keepServerKey }).keepKey({ origin: 'ws://127.0.0.1:8443', key: KEY });
    expect(keepServerKey).toHaveBeenCalledWith({ origin: 'ws://127.0.0.1:8443', key: KEY });
    await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce());
    warn.mockRestore();
  });

  it('tells when its window is hidden, until it is told to stop', () => {
    const desktop = new FakeDesktop();
    const listener = vi.fn();
    const stop = desktopHost(desktop).watchWindow(listener);
    desktop.setWindowShown(false);
    stop();
    desktop.setWindowShown(true);
    expect(listener.mock.calls).toEqual([[false]]);
  });

  it('takes a silent app for one that does not look for servers', async () => {
    const listener = vi.fn();
    const { api } = fakeDesktop(Promise.resolve(starting));
    desktopHost(api).serverSwitch?.watchFoundServers(listener);
    await vi.waitFor(() =>
      expect(listener).toHaveBeenCalledWith({ isLooking: false, servers: [] }),
    );
  });

  it('says so when the app does not answer', async () => {
    const seen: ServerState[] = [];
    const desktop = fakeDesktop(Promise.reject(new Error('no handler')));
    desktopHost(desktop.api).watchServer((state) => seen.push(state));
    await vi.waitFor(() => expect(seen[0]?.state).toBe('failed'));
  });
});

describe('chooseHost', () => {
  it('takes the desktop where its bridge is', () => {
    const { page } = fakePage('http://localhost:8443/live-streams');
    const { api } = fakeDesktop(Promise.resolve(ready));
    expect(chooseHost({ ...page, sightline: api }).serverSwitch).toBeDefined();
    expect(chooseHost(page).serverSwitch).toBeUndefined();
  });
});
