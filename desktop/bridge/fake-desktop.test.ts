import { describe, expect, it, vi } from 'vitest';
import { FakeDesktop } from './fake-desktop';

describe('FakeDesktop', () => {
  it('changes nothing when it refuses', async () => {
    const desktop = new FakeDesktop({ resolve: () => undefined });
    const before = await desktop.getServerState();
    expect(await desktop.useRemoteServer('desk')).toMatchObject({ ok: false });
    expect(await desktop.getServerState()).toEqual(before);
    expect(await desktop.getRemoteAddress()).toBeNull();
  });

  it('joins another server and announces it until the listener is removed', async () => {
    const desktop = new FakeDesktop();
    const listener = vi.fn();
    const stop = desktop.onServerStateChanged(listener);
    await desktop.useRemoteServer('desk:8443');
    expect(listener).toHaveBeenCalledWith({
      state: 'ready',
      kind: 'remote',
      origin: 'ws://desk:8443',
    });
    stop();
    await desktop.useEmbeddedServer();
    expect(listener).toHaveBeenCalledTimes(1);
    expect(desktop.listenerCount).toBe(0);
    expect(await desktop.getRemoteAddress()).toBe('desk:8443');
  });

  it('keeps a key for the server in use alone, and announces nothing', async () => {
    const desktop = new FakeDesktop();
    const listener = vi.fn();
    desktop.onServerStateChanged(listener);
    const key = 'k'.repeat(22);
    expect(await desktop.keepServerKey({ origin: 'ws://desk:8443', key })).toBe(false);
    expect(await desktop.keepServerKey({ origin: 'ws://127.0.0.1:8443', key })).toBe(true);
    expect(await desktop.getServerState()).toMatchObject({ state: 'ready', key });
    expect(listener).not.toHaveBeenCalled();
  });
});
