import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServerState } from '../bridge/contract';
import { ServerLink } from './server-link';
import { SettingsFile } from './settings-file';
import { silentLog } from './testing/stub-server';

const READY: ServerState = { state: 'ready', kind: 'embedded', origin: 'ws://127.0.0.1:8443' };
const NEIGHBOR: ServerState = { state: 'ready', kind: 'remote', origin: 'ws://desk:8443' };

let folder: string;
let embedded: { isRunning: boolean; announce: (state: ServerState) => void };
let reachable: string | undefined;
let links: ServerLink[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-link-'));
  reachable = undefined;
  links = [];
});

afterEach(async () => {
  for (const link of links) await link.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const settings = (): SettingsFile =>
  new SettingsFile(path.join(folder, 'settings.json'), silentLog);

function makeLink(probe = () => Promise.resolve(reachable)): ServerLink {
  const link = new ServerLink({
    embedded(onState) {
      const state = { isRunning: false, announce: onState };
      embedded = state;
      return {
        start: () => (state.isRunning = true),
        retry: () => (state.isRunning = true),
        stop() {
          state.isRunning = false;
          return Promise.resolve();
        },
      };
    },
    probe,
    settings: settings(),
    log: silentLog,
  });
  links.push(link);
  return link;
}

describe('ServerLink', () => {
  it('uses the embedded server unless told otherwise', () => {
    const link = makeLink();
    const seen: ServerState[] = [];
    link.onStateChanged((state) => seen.push(state));
    expect(link.state).toEqual({ state: 'starting', kind: 'embedded' });
    link.start();
    embedded.announce(READY);
    expect(embedded.isRunning).toBe(true);
    expect(link.state).toEqual(READY);
    expect(seen).toEqual([READY]);
  });

  it('joins another server, stops its own, and remembers that', async () => {
    const link = makeLink();
    link.start();
    reachable = 'ws://desk:8443';
    expect(await link.useRemote('desk:8443')).toEqual({ ok: true });
    expect(link.state).toEqual(NEIGHBOR);
    expect(embedded.isRunning).toBe(false);

    const next = makeLink();
    next.start();
    expect(next.state).toEqual({ state: 'starting', kind: 'remote' });
    await vi.advanceTimersByTimeAsync(0);
    expect(next.state).toEqual(NEIGHBOR);
    expect(embedded.isRunning).toBe(false);
  });

  it.each(['desk:8443', 'no address'])('changes nothing when it refuses %j', async (address) => {
    const link = makeLink();
    link.start();
    embedded.announce(READY);
    const seen = vi.fn();
    link.onStateChanged(seen);
    const result = await link.useRemote(address);
    expect(result).toMatchObject({ ok: false, message: expect.stringMatching(/\w/u) as string });
    expect(link.state).toEqual(READY);
    expect(seen).not.toHaveBeenCalled();
    expect(embedded.isRunning).toBe(true);
    expect(link.remoteAddress).toBeNull();
    expect(settings().current.server).toBe('embedded');
  });

  it('goes back to the embedded one and keeps the address for the field', async () => {
    const link = makeLink();
    reachable = 'ws://desk:8443';
    await link.useRemote('desk:8443');
    expect(link.useEmbedded()).toEqual({ ok: true });
    expect(link.state).toEqual({ state: 'starting', kind: 'embedded' });
    expect(embedded.isRunning).toBe(true);
    expect(link.remoteAddress).toBe('desk:8443');
    expect(settings().current.server).toBe('embedded');
  });

  it('waits for a remembered server that is away, and says so', async () => {
    settings().update({ server: 'remote', remoteAddress: 'desk:8443' });
    const link = makeLink();
    link.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(link.state).toMatchObject({ state: 'failed', kind: 'remote' });
    reachable = 'ws://desk:8443';
    await vi.advanceTimersByTimeAsync(5_000);
    expect(link.state).toEqual(NEIGHBOR);
  });

  it('drops the answer of a probe when the operator has chosen otherwise', async () => {
    settings().update({ server: 'remote', remoteAddress: 'desk:8443' });
    let answer: (origin: string) => void = () => undefined;
    const link = makeLink(() => new Promise((resolve) => (answer = resolve)));
    link.start();
    link.useEmbedded();
    answer('ws://desk:8443');
    await vi.advanceTimersByTimeAsync(0);
    expect(link.state.kind).toBe('embedded');
  });

  it('does not let the embedded server speak while another is used', async () => {
    const link = makeLink();
    reachable = 'ws://desk:8443';
    await link.useRemote('desk:8443');
    embedded.announce(READY);
    expect(link.state).toEqual(NEIGHBOR);
  });

  it('tells nobody who has stopped listening', () => {
    const link = makeLink();
    const seen = vi.fn();
    link.onStateChanged(seen)();
    link.start();
    embedded.announce(READY);
    expect(seen).not.toHaveBeenCalled();
  });
});
