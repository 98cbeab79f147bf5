import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServerState } from '../bridge/contract';
import { ServerKeys } from './server-keys';
import { ServerLink } from './server-link';
import { SettingsFile } from './settings-file';
import { silentLog } from './testing/stub-server';
import type { Finding, Wanted } from './trust/find-server';

const READY: ServerState = { state: 'ready', kind: 'embedded', origin: 'ws://127.0.0.1:8443' };
const NEIGHBOR: ServerState = { state: 'ready', kind: 'remote', origin: 'ws://desk:8443' };

const NOBODY: Finding = { isFound: false, message: 'Nobody answers.' };
const PLAIN: Finding = { isFound: true, origin: 'ws://desk:8443', rootFingerprint: undefined };
const ROOT = Array.from({ length: 32 }, () => 'A1').join(':');
const SECURE: Finding = { isFound: true, origin: 'wss://desk:8443', rootFingerprint: ROOT };
const QUESTION = { address: 'desk:8443', certificateName: 'Sightline root', fingerprint: ROOT };
const CHANGED: Finding = { isFound: false, message: 'It has changed.', trust: QUESTION };

let folder: string;
let embedded: { isRunning: boolean; announce: (state: ServerState) => void };
let finding: Finding;
let wanted: Wanted[];
let links: ServerLink[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-link-'));
  finding = NOBODY;
  wanted = [];
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

const vault = {
  isAvailable: () => true,
  seal: (text: string) => `sealed ${text}`,
  open: (sealed: string) => sealed.replace('sealed ', ''),
};

function makeLink(find = () => Promise.resolve(finding)): ServerLink {
  const kept = settings();
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
    find(asked) {
      wanted.push(asked);
      return find();
    },
    settings: kept,
    keys: new ServerKeys({ settings: kept, vault, log: silentLog }),
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
    finding = PLAIN;
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
    finding = PLAIN;
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
    finding = PLAIN;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(link.state).toEqual(NEIGHBOR);
  });

  it('drops the answer of a probe when the operator has chosen otherwise', async () => {
    settings().update({ server: 'remote', remoteAddress: 'desk:8443' });
    let answer: (found: Finding) => void = () => undefined;
    const link = makeLink(() => new Promise((resolve) => (answer = resolve)));
    link.start();
    link.useEmbedded();
    answer(PLAIN);
    await vi.advanceTimersByTimeAsync(0);
    expect(link.state.kind).toBe('embedded');
  });

  it('does not let the embedded server speak while another is used', async () => {
    const link = makeLink();
    finding = PLAIN;
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

  describe('with keys', () => {
    const KEY = 'AbCdEfGhIjKlMnOpQrStUv';
    const RENEWED = 'zyxwvutsrqponmlkjihgfe';
    const LINK = `https://desk:8443/live-streams#key=${KEY}`;

    it('hands the key of a link to the page, and remembers it apart from the address', async () => {
      const link = makeLink();
      finding = SECURE;
      expect(await link.useRemote(LINK)).toEqual({ ok: true });
      expect(link.state).toMatchObject({ origin: 'wss://desk:8443', key: KEY });
      expect(link.remoteAddress).toBe('https://desk:8443/live-streams');
      expect(wanted.at(-1)?.address).toBe('https://desk:8443/live-streams');
      expect(link.keepKey({ origin: 'wss://desk:8443', key: KEY })).toBe(true);

      const next = makeLink();
      next.start();
      await vi.advanceTimersByTimeAsync(0);
      expect(next.state).toMatchObject({ origin: 'wss://desk:8443', key: KEY });
    });

    it('keeps the key that works until a server has taken the new one', async () => {
      const link = makeLink();
      finding = SECURE;
      await link.useRemote(LINK);
      link.keepKey({ origin: 'wss://desk:8443', key: KEY });
      await link.useRemote(`https://desk:8443/live-streams#key=${RENEWED}`);
      expect(link.state).toMatchObject({ key: RENEWED });
      // Still on trial while the server is looked at anew.
      link.recheck();
      await vi.advanceTimersByTimeAsync(0);
      expect(link.state).toMatchObject({ state: 'ready', key: RENEWED });
      link.useEmbedded();
      await link.useRemote('https://desk:8443');
      expect(link.state).toMatchObject({ key: KEY });
    });

    it('writes a key that is kept already no second time', async () => {
      const link = makeLink();
      finding = SECURE;
      await link.useRemote(LINK);
      link.keepKey({ origin: 'wss://desk:8443', key: KEY });
      const before = statSync(path.join(folder, 'settings.json')).ino;
      expect(link.keepKey({ origin: 'wss://desk:8443', key: KEY })).toBe(true);
      expect(statSync(path.join(folder, 'settings.json')).ino).toBe(before);
    });

    it('keeps the key of a server that the operator has to vouch for first', async () => {
      const link = makeLink();
      finding = { isFound: false, message: 'Compare it.', trust: QUESTION };
      await link.useRemote(`desk:8443#key=${KEY}`);
      expect(settings().current.serverKeys).toBeUndefined();
      finding = SECURE;
      await link.trustRemote({ address: 'desk:8443', fingerprint: ROOT });
      // By TLS alone: who can block it must not get the key in the clear.
      expect(wanted.at(-1)?.origins).toMatchObject([{ signaling: 'wss://desk:8443' }]);
      expect(link.state).toMatchObject({ state: 'ready', key: KEY });
    });

    it('gives that key to no other server', async () => {
      const link = makeLink();
      finding = { isFound: false, message: 'Compare it.', trust: QUESTION };
      await link.useRemote(`desk:8443#key=${KEY}`);
      finding = { isFound: true, origin: 'wss://hall:8443', rootFingerprint: ROOT };
      await link.trustRemote({ address: 'hall:8443', fingerprint: ROOT });
      expect(link.state).not.toHaveProperty('key');
    });

    it('gives what was kept for TLS to nobody without', async () => {
      const link = makeLink();
      finding = SECURE;
      await link.useRemote(LINK);
      finding = PLAIN;
      await link.useRemote('http://desk:8443');
      expect(link.state).toEqual(NEIGHBOR);
    });

    it('keeps a renewed key without announcing it', async () => {
      const link = makeLink();
      finding = SECURE;
      await link.useRemote(LINK);
      const seen = vi.fn();
      link.onStateChanged(seen);
      expect(link.keepKey({ origin: 'wss://desk:8443', key: RENEWED })).toBe(true);
      expect(link.state).toMatchObject({ key: RENEWED });
      expect(seen).not.toHaveBeenCalled();
      link.useEmbedded();
      await link.useRemote('https://desk:8443');
      expect(link.state).toMatchObject({ key: RENEWED });
    });

    it('keeps no key for a server that is not in use any more', async () => {
      const link = makeLink();
      finding = SECURE;
      await link.useRemote(LINK);
      link.keepKey({ origin: 'wss://desk:8443', key: KEY });
      expect(link.keepKey({ origin: 'wss://hall:8443', key: RENEWED })).toBe(false);
      link.useEmbedded();
      expect(link.keepKey({ origin: 'wss://desk:8443', key: RENEWED })).toBe(false);
      await link.useRemote('https://desk:8443');
      expect(link.state).toMatchObject({ key: KEY });
    });

    it("leaves the embedded server's key to that server, and writes it nowhere", () => {
      const link = makeLink();
      link.start();
      embedded.announce({ ...READY, key: KEY });
      expect(link.keepKey({ origin: READY.origin, key: RENEWED })).toBe(true);
      expect(link.state).toMatchObject({ key: RENEWED });
      expect(settings().current.serverKeys).toBeUndefined();
    });
  });

  describe('with certificates', () => {
    it('hands the question to the page, and joins once the operator trusts the root', async () => {
      const link = makeLink();
      link.start();
      embedded.announce(READY);
      finding = { isFound: false, message: 'Compare it.', trust: QUESTION };
      expect(await link.useRemote('desk:8443')).toEqual({
        ok: false,
        message: 'Compare it.',
        trust: QUESTION,
      });
      expect(link.state).toEqual(READY);

      finding = SECURE;
      const decision = { address: 'desk:8443', fingerprint: ROOT };
      expect(await link.trustRemote(decision)).toEqual({ ok: true });
      expect(wanted.at(-1)).toMatchObject({ address: 'desk:8443', confirmed: ROOT });
      expect(link.state).toMatchObject({ origin: 'wss://desk:8443', rootFingerprint: ROOT });
      expect(link.pin).toMatchObject({ host: 'desk:8443', rootFingerprint: ROOT });
      expect(link.remoteAddress).toBe('https://desk:8443');
    });

    it('looks for an announced server by TLS alone, and for the certificate it announces', async () => {
      const link = makeLink();
      finding = { ...SECURE, origin: 'wss://10.0.0.7:8443' };
      await link.useAnnounced({ address: '10.0.0.7:8443', isSecure: true, fingerprint: ROOT });
      expect(wanted.at(-1)).toMatchObject({
        address: '10.0.0.7:8443',
        origins: [{ signaling: 'wss://10.0.0.7:8443' }],
        announced: ROOT,
      });
      expect(link.remoteAddress).toBe('https://10.0.0.7:8443');
    });

    it('looks for a server that was joined by TLS never again without', async () => {
      const trustedBySystem: Finding = { ...SECURE, rootFingerprint: undefined };
      const link = makeLink();
      finding = trustedBySystem;
      await link.useRemote('desk:8443');
      const byTlsAlone = [{ signaling: 'wss://desk:8443' }];

      const next = makeLink();
      next.start();
      await vi.advanceTimersByTimeAsync(0);
      expect(wanted.at(-1)?.origins).toMatchObject(byTlsAlone);
      next.recheck();
      await vi.advanceTimersByTimeAsync(0);
      expect(wanted.at(-1)?.origins).toMatchObject(byTlsAlone);
    });

    it('notes at a start that a server without TLS has some by now', async () => {
      settings().update({ server: 'remote', remoteAddress: 'desk:8443' });
      finding = SECURE;
      const link = makeLink();
      link.start();
      await vi.advanceTimersByTimeAsync(0);
      expect(settings().current.remoteAddress).toBe('https://desk:8443');
    });

    it('keeps the pin while the server is down, and drops it with the server', async () => {
      const link = makeLink();
      finding = SECURE;
      await link.useRemote('desk:8443');
      finding = NOBODY;
      link.recheck();
      await vi.advanceTimersByTimeAsync(0);
      expect(link.state.state).toBe('failed');
      expect(link.pin).toMatchObject({ rootFingerprint: ROOT });
      link.useEmbedded();
      expect(link.pin).toBeUndefined();
      embedded.announce({ ...READY, origin: 'wss://127.0.0.1:8443', rootFingerprint: ROOT });
      embedded.announce({ state: 'starting', kind: 'embedded' });
      expect(link.pin).toMatchObject({ kind: 'embedded', host: '127.0.0.1:8443' });
    });

    it('says that a certificate has changed, offers the new one, and goes on trying', async () => {
      const link = makeLink();
      finding = SECURE;
      await link.useRemote('desk:8443');
      finding = CHANGED;
      link.recheck();
      await vi.advanceTimersByTimeAsync(0);
      expect(link.state).toMatchObject({
        state: 'failed',
        message: expect.stringContaining('It has changed.') as string,
        trust: QUESTION,
      });
      finding = SECURE;
      await vi.advanceTimersByTimeAsync(5_000);
      expect(link.state).toMatchObject({ state: 'ready', origin: 'wss://desk:8443' });
    });

    it('rechecks nothing but a server elsewhere that is in use', async () => {
      const link = makeLink();
      link.start();
      embedded.announce(READY);
      link.recheck();
      await vi.advanceTimersByTimeAsync(0);
      expect(link.state).toEqual(READY);
      expect(wanted).toEqual([]);
    });
  });
});
