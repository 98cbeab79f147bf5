import { describe, expect, it, vi } from 'vitest';
import type { DesktopApi, ServerState } from '../../bridge/contract';
import { browserHost } from './browser-host';
import { chooseHost } from './choose-host';
import { desktopHost } from './desktop-host';

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

describe('browserHost', () => {
  it('finds signaling where the page came from', () => {
    const listener = vi.fn();
    const host = browserHost({ protocol: 'https:', host: 'studio.local:8443' });
    host.watchServer(listener);
    expect(listener).toHaveBeenCalledWith(
      expect.objectContaining({ state: 'ready', origin: 'wss://studio.local:8443' }),
    );
    expect(host.serverSwitch).toBeUndefined();
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
    const location = new URL('http://localhost:8443/live-streams') as unknown as Location;
    const { api } = fakeDesktop(Promise.resolve(ready));
    expect(chooseHost({ location, sightline: api }).serverSwitch).toBeDefined();
    expect(chooseHost({ location }).serverSwitch).toBeUndefined();
  });
});
