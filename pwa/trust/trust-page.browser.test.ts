/** The page in a real browser: every outcome as people see it, and as axe-core judges it. */
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TrustFacts } from '../../signal/protocol/trust-facts';
import '../design/tokens.css';
import '../design/base.css';
import '../design/controls.css';
import './trust.css';
import html from '../trust.html?raw';
import type { Finding } from './checks';
import type { Probes } from './probes';
import { startTrustPage } from './trust-page';

const facts: TrustFacts = {
  serverName: 'Studio',
  rootName: 'Sightline root of desk',
  rootFingerprint: Array.from({ length: 32 }, () => 'AB').join(':'),
  securePort: 8443,
  httpPort: 8080,
};
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';
const android =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36';
const plain = new URL('http://192.168.1.20:8080/trust?room=a#key=k');
const secure = new URL('https://192.168.1.20:8443/trust?room=a#key=k');

let known: TrustFacts | undefined;
let findings: Record<'page' | 'socket' | 'worker', Finding>;
let runs: number;
let stop: (() => void) | undefined;

const probes: Probes = {
  facts: () => {
    runs += 1;
    return Promise.resolve(known);
  },
  page: () => Promise.resolve(findings.page),
  socket: () => Promise.resolve(findings.socket),
  worker: () => Promise.resolve(findings.worker),
};

const get = (id: string): HTMLElement => document.getElementById(id)!;
const verdict = () => get('check').dataset['verdict'];

async function open(location: URL, userAgent = android): Promise<void> {
  stop = startTrustPage({ location, navigator: { userAgent, maxTouchPoints: 5 }, probes });
  await vi.waitFor(() => expect(get('retry').textContent).toBe('Check again'));
}

async function violations(): Promise<string[]> {
  const result = await axe.run(document.body);
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
}

beforeEach(() => {
  known = facts;
  findings = { page: 'passed', socket: 'passed', worker: 'passed' };
  runs = 0;
  document.title = 'Trust';
  document.documentElement.lang = 'en';
  document.body.innerHTML = /<body>([^]*)<\/body>/u.exec(html)?.[1] ?? '';
});

afterEach(() => {
  stop?.();
});

describe('the way in', () => {
  it.each([
    { name: 'server away', at: plain, given: {}, says: 'unreachable', steps: false },
    { name: 'root unknown', at: plain, given: { page: 'refused' }, says: 'untrusted', steps: true },
    {
      name: 'server in trouble',
      at: plain,
      given: { page: 'broken' },
      says: 'page-broken',
      steps: false,
    },
    {
      name: 'socket refused',
      at: secure,
      given: { socket: 'refused' },
      says: 'socket-refused',
      steps: true,
    },
    {
      name: 'last check left',
      at: plain,
      given: {},
      says: 'continue-on-secure-page',
      steps: false,
    },
    {
      name: 'waved through',
      at: secure,
      given: { worker: 'refused' },
      says: 'worker-refused',
      steps: true,
    },
    {
      name: 'no workers',
      at: secure,
      given: { worker: 'unsupported' },
      says: 'worker-unsupported',
      steps: false,
    },
    {
      name: 'no worker file',
      at: secure,
      given: { worker: 'broken' },
      says: 'worker-broken',
      steps: false,
    },
    { name: 'all well', at: secure, given: {}, says: 'ready', steps: false },
  ] as const)('tells "$name" and what to do', async ({ at, given, says, steps }) => {
    Object.assign(findings, given);
    if (says === 'unreachable') known = undefined;
    await open(at);
    expect(verdict()).toBe(says);
    expect(get('verdict').textContent).not.toBe('');
    expect(document.querySelector<HTMLDetailsElement>('#guide')?.open).toBe(steps);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(window.innerWidth);
    expect(await violations()).toEqual([]);
  });

  it('leads on without losing the room', async () => {
    await open(plain);
    expect(get('next').getAttribute('href')).toBe('https://192.168.1.20:8443/trust?room=a#key=k');
    stop?.();
    document.body.innerHTML = /<body>([^]*)<\/body>/u.exec(html)?.[1] ?? '';
    await open(secure);
    expect(get('next').getAttribute('href')).toBe('https://192.168.1.20:8443/stream?room=a#key=k');
  });

  it('offers no way on to a phone that has none', async () => {
    findings.page = 'refused';
    await open(plain, iphone);
    expect(get('next').hidden).toBe(true);
    expect(get('steps').querySelector('a[href^="/stream"]')).toBeNull();
    expect(get('steps').querySelector('a')?.getAttribute('href')).toBe(
      '/sightline-root.mobileconfig',
    );
    expect(get('fingerprint').textContent).toBe(facts.rootFingerprint);
  });

  it('checks again when people come back from the settings', async () => {
    findings.page = 'refused';
    await open(plain);
    expect(verdict()).toBe('untrusted');
    findings.page = 'passed';
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.waitFor(() => expect(verdict()).toBe('continue-on-secure-page'));
    findings.socket = 'refused';
    get('retry').click();
    await vi.waitFor(() => expect(verdict()).toBe('socket-refused'));
  });

  it('shows the steps of another platform, by keyboard too', async () => {
    findings.page = 'refused';
    await open(plain, iphone);
    const selected = () => document.querySelector<HTMLElement>('[aria-selected="true"]')!;
    expect(get('steps').textContent).toContain('Profile Downloaded');
    selected().focus();
    selected().dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    expect(get('steps').textContent).toContain('CA certificate');
    expect(document.activeElement).toBe(selected());
    get('tab-computer').click();
    expect(get('steps').textContent).toContain('Keychain Access');
    expect(await violations()).toEqual([]);
  });

  it('checks no more once it is stopped', async () => {
    await open(plain);
    stop?.();
    const before = runs;
    window.dispatchEvent(new Event('focus'));
    window.dispatchEvent(new Event('online'));
    document.dispatchEvent(new Event('visibilitychange'));
    get('retry').click();
    expect(runs).toBe(before);
  });
});
