import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeDesktop } from '../../bridge/fake-desktop';
import type { FoundServer, TrustQuestion } from '../../bridge/contract';
import App from '../App.vue';
import { desktopHost } from '../host/desktop-host';
import type { ServerSwitch } from '../host/host';
import { goLive, mountConsole, type MountedConsole } from '../testing/mount-console';
import { fingerprintGroups } from './fingerprint-groups';

const fingerprint = Array.from({ length: 32 }, () => 'A1').join(':');
const previousFingerprint = Array.from({ length: 32 }, () => 'B2').join(':');
const question: TrustQuestion = {
  address: 'studio.local:8443',
  certificateName: 'Sightline root of studio',
  fingerprint,
};

let mounted: MountedConsole;
let desktop: FakeDesktop;

afterEach(() => {
  mounted.close();
  expect(desktop.listenerCount).toBe(0);
});

function mount(fake: FakeDesktop): ServerSwitch {
  desktop = fake;
  const { serverSwitch } = desktopHost(desktop);
  if (serverSwitch === undefined) throw new Error('The desktop can switch servers.');
  mounted = mountConsole(App, { serverSwitch, prepare: ({ server }) => goLive(server) });
  return serverSwitch;
}

const text = (): string => mounted.wrapper.find('dialog').text();

function button(name: string) {
  const found = mounted.wrapper
    .findAll('button')
    .find((one) => (one.attributes('aria-label') ?? one.text()).includes(name));
  return found ?? mounted.wrapper.find('button.no-such-button');
}

async function askFor(address: string): Promise<void> {
  await button('Server').trigger('click');
  await mounted.wrapper.find('input[value="remote"]').setValue(true);
  await mounted.wrapper.find('input[type="text"]').setValue(address);
  await mounted.wrapper.find('form').trigger('submit');
  await flushPromises();
}

describe('a server whose certificate nobody knows', () => {
  it('is joined once its fingerprint was compared', async () => {
    mount(new FakeDesktop({ questions: [question] }));
    await askFor(question.address);
    expect(text()).toContain('Is this the right server?');
    expect(text()).toContain('Sightline root of studio');
    const groups = mounted.wrapper.findAll('[data-testid="fingerprint"] span');
    expect(groups.map((group) => group.text().trim())).toEqual(fingerprintGroups(fingerprint));
    expect(document.activeElement?.textContent).toContain('studio.local:8443');

    await button('trust and join').trigger('click');
    await flushPromises();
    expect(mounted.wrapper.find('dialog').exists()).toBe(false);
    expect(await desktop.getServerState()).toMatchObject({ kind: 'remote' });
  });

  it('is not joined when the operator goes back, and the form has the focus again', async () => {
    mount(new FakeDesktop({ questions: [question] }));
    await askFor(question.address);
    await button('Do not join').trigger('click');
    await flushPromises();
    const field = mounted.wrapper.find<HTMLInputElement>('input[type="text"]');
    expect(field.element.value).toBe(question.address);
    expect(document.activeElement).toBe(field.element);
    expect(await desktop.getServerState()).toMatchObject({ kind: 'embedded' });
  });

  it('is asked about anew when it shows yet another one', async () => {
    const serverSwitch = mount(new FakeDesktop({ questions: [question] }));
    await askFor(question.address);
    const other = { ...question, fingerprint: previousFingerprint };
    vi.spyOn(serverSwitch, 'trustRemoteServer').mockResolvedValueOnce({
      ok: false,
      message: 'It has changed.',
      trust: other,
    });
    await button('trust and join').trigger('click');
    await flushPromises();
    expect(text()).toContain('It has changed.');
    expect(text()).toContain('B2:B2:B2:B2');
  });
});

describe('a certificate that has changed', () => {
  it('is shown beside the old one when the operator looks at the failure', async () => {
    mount(new FakeDesktop());
    mounted.server.signaling = 'reconnecting';
    mounted.server.hostState = {
      state: 'failed',
      kind: 'remote',
      message: 'The certificate has changed since you trusted it.',
      trust: { ...question, previousFingerprint },
    };
    await flushPromises();
    await button('Look at the certificate').trigger('click');
    await flushPromises();
    expect(text()).toContain('This server’s certificate has changed');
    expect(text()).toContain('has changed since you trusted it');
    expect(text()).toContain('A1:A1:A1:A1');
    expect(text()).toContain('B2:B2:B2:B2');
    expect(button('Do not join').classes()).toContain('button-primary');
    expect(button('Trust the new certificate').classes()).not.toContain('button-primary');

    await button('Close').trigger('click');
    await flushPromises();
    expect(mounted.server.isReviewing).toBe(false);
  });
});

describe('servers found on the network', () => {
  const studio: FoundServer = {
    id: 'studio',
    name: 'Studio 2',
    address: '192.168.1.20:8443',
    isSecure: true,
    isKnown: true,
  };
  const attic = { ...studio, id: 'attic', name: 'Attic', address: '192.168.1.21:8443' };

  it('are listed with what is known of them, and joined by one click', async () => {
    const found = {
      isLooking: true,
      servers: [
        studio,
        { ...attic, isKnown: false },
        { ...attic, id: 'plain', name: 'Old', address: '10.0.0.1:80', isSecure: false },
      ],
    };
    mount(new FakeDesktop({ found }));
    await button('Server').trigger('click');
    await flushPromises();
    const names = mounted.wrapper
      .findAll('[data-testid="found-server"]')
      .map((one) => one.findAll('span, strong, small').map((part) => part.text()));
    expect(names.map((parts) => parts.slice(1).join(' '))).toEqual([
      'Join Studio 2 192.168.1.20:8443 Trusted',
      'Join Attic 192.168.1.21:8443 New',
      'Join Old 10.0.0.1:80 Not encrypted',
    ]);
    await button('Studio 2').trigger('click');
    await flushPromises();
    expect(mounted.wrapper.find('dialog').exists()).toBe(false);
    expect(await desktop.getRemoteAddress()).toBe(studio.address);
  });

  it('are asked about the first time, like any other', async () => {
    const questions = [{ ...question, address: attic.address }];
    const found = { isLooking: true, servers: [{ ...attic, isKnown: false }] };
    mount(new FakeDesktop({ questions, found }));
    await button('Server').trigger('click');
    await flushPromises();
    await button('Attic').trigger('click');
    await flushPromises();
    expect(text()).toContain('Is this the right server?');
  });

  it('come and go while the dialog is open; the one in use cannot be joined again', async () => {
    mount(new FakeDesktop());
    await button('Server').trigger('click');
    await flushPromises();
    expect(text()).toContain('No other server announces itself');
    mounted.server.hostState = {
      state: 'ready',
      kind: 'remote',
      origin: `wss://${studio.address}`,
    };
    desktop.setFound({ isLooking: true, servers: [studio] });
    await flushPromises();
    expect(button('Studio 2').attributes('disabled')).toBeDefined();
    expect(button('Studio 2').text()).toContain('In use');
    desktop.setFound({ isLooking: true, servers: [] });
    await flushPromises();
    expect(button('Studio 2').exists()).toBe(false);
  });

  it('are not spoken of where looking is switched off', async () => {
    mount(new FakeDesktop({ found: { isLooking: false, servers: [] } }));
    await button('Server').trigger('click');
    await flushPromises();
    expect(text()).not.toContain('Found on this network');
  });
});

it('shows the fingerprint of the own server, for other desks to compare', async () => {
  mount(new FakeDesktop());
  mounted.server.hostState = {
    state: 'ready',
    kind: 'embedded',
    origin: 'wss://127.0.0.1:8443',
    rootFingerprint: fingerprint,
  };
  await button('Server').trigger('click');
  await flushPromises();
  expect(mounted.wrapper.find('details').text()).toContain('A1:A1:A1:A1');
});
