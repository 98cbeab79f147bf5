import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import App from './App.vue';
import type { UseServerResult } from '../bridge/contract';
import type { ServerSwitch } from './host/host';
import { FakeSubscriber, streamInfo } from './testing/fake-streams';
import { goLive, mountConsole, type MountedConsole } from './testing/mount-console';

let mounted: MountedConsole | undefined;

afterEach(() => mounted?.close());

function text(): string {
  return mounted!.wrapper.text();
}

function find(testId: string): ReturnType<MountedConsole['wrapper']['find']> {
  return mounted!.wrapper.find(`[data-testid="${testId}"]`);
}

function button(name: string): ReturnType<MountedConsole['wrapper']['find']> {
  const found = mounted!.wrapper
    .findAll('button')
    .find((one) => one.text() === name || one.attributes('aria-label') === name);
  return found ?? mounted!.wrapper.find('button.no-such-button');
}

function fakeSwitch(refusal?: string) {
  const answer =
    refusal === undefined ? { ok: true as const } : { ok: false as const, message: refusal };
  return {
    getRemoteAddress: () => Promise.resolve('studio.local:8443'),
    trustRemoteServer: vi.fn<ServerSwitch['trustRemoteServer']>(() => Promise.resolve(answer)),
    useFoundServer: vi.fn<ServerSwitch['useFoundServer']>(() => Promise.resolve(answer)),
    watchFoundServers: vi.fn<ServerSwitch['watchFoundServers']>(() => () => undefined),
    useEmbeddedServer: () => Promise.resolve(answer),
    useRemoteServer: vi.fn<(address: string) => Promise<UseServerResult>>(() =>
      Promise.resolve(answer),
    ),
  };
}

describe('the empty wall', () => {
  it('explains how to join, by address and by QR code', () => {
    mounted = mountConsole(App, { prepare: ({ server }) => goLive(server) });
    expect(find('server-status').attributes('data-state')).toBe('live');
    expect(find('join-url').text()).toBe('http://192.168.1.42:8443/stream');
    expect(
      mounted.wrapper
        .find('svg[aria-label="QR code for http://192.168.1.42:8443/stream"]')
        .exists(),
    ).toBe(true);
    expect(text()).toContain('Tap “Start streaming”');
    expect(text()).toContain('Phones will refuse their camera at this address');
    expect(text()).toContain('No streams');
  });

  it('has one join address in the page, with one network or several', async () => {
    const urls = ['http://192.168.1.42:8443/stream', 'http://10.0.0.7:8443/stream'];
    mounted = mountConsole(App, { prepare: ({ server }) => goLive(server, urls) });
    await mounted.wrapper.find(`input[value="${urls[1]!}"]`).setValue(true);
    expect(mounted.wrapper.findAll('[data-testid="join-url"]')).toHaveLength(1);
    expect(find('join-url').text()).toBe(urls[1]);
    expect(mounted.wrapper.find(`svg[aria-label="QR code for ${urls[1]!}"]`).exists()).toBe(true);
  });

  it('does not warn where phones will get their camera', () => {
    mounted = mountConsole(App, {
      prepare: ({ server }) => {
        goLive(server);
        server.joinAddresses = [
          { url: 'https://studio.local/stream', network: 'lan', cameraAllowed: true },
        ];
      },
    });
    expect(text()).not.toContain('refuse their camera');
  });

  it('says that the server is starting', () => {
    mounted = mountConsole(App, {
      prepare: ({ server }) => {
        server.hostState = { state: 'starting', kind: 'embedded' };
      },
    });
    expect(find('server-status').attributes('data-state')).toBe('connecting');
    expect(text()).toContain('Starting the server…');
    expect(find('join-url').exists()).toBe(true);
  });

  it('says why the server failed, and tries again', async () => {
    mounted = mountConsole(App, {
      prepare: ({ server }) => {
        server.hostState = { state: 'failed', kind: 'embedded', message: 'The port is taken.' };
      },
    });
    expect(find('server-status').attributes('data-state')).toBe('failed');
    expect(text()).toContain('The port is taken.');
    mounted.retry.mockResolvedValueOnce({ ok: false, message: 'It is still taken.' });
    await button('Try again').trigger('click');
    await flushPromises();
    expect(mounted.retry).toHaveBeenCalledOnce();
    expect(text()).toContain('It is still taken.');
  });
});

describe('the wall', () => {
  function mountWall(count: number): MountedConsole {
    return mountConsole(App, {
      prepare({ server, source }) {
        goLive(server);
        for (let index = 1; index <= count; index += 1) {
          source.put(streamInfo(index), new FakeSubscriber());
        }
      },
    });
  }

  it('shows a tile for every stream, and keeps the join address in view', async () => {
    mounted = mountWall(3);
    expect(mounted.wrapper.findAll('[data-testid="tile"]')).toHaveLength(3);
    expect(text()).toContain('3 streams');
    expect(find('join-url').text()).toBe('http://192.168.1.42:8443/stream');
    await button('Join').trigger('click');
    expect(mounted.wrapper.findAll('[data-testid="join-url"]')).toHaveLength(1);
    expect(mounted.wrapper.find('dialog svg[role="img"]').exists()).toBe(true);
  });

  it('keeps its tiles’ video elements when others come and go', async () => {
    mounted = mountWall(2);
    const videos = mounted.wrapper.findAll('video').map((video) => video.element);
    mounted.source.put(streamInfo(3), new FakeSubscriber());
    await nextTick();
    const now = mounted.wrapper.findAll('video').map((video) => video.element);
    expect(now).toHaveLength(3);
    expect(now.slice(0, 2)).toEqual(videos);
  });

  it('says that pictures go on while signaling is down, and keeps the tiles', async () => {
    mounted = mountWall(1);
    mounted.server.signaling = 'reconnecting';
    await nextTick();
    expect(text()).toContain('Signaling is down. Pictures go on.');
    expect(find('server-status').attributes('data-state')).toBe('reconnecting');
    expect(mounted.wrapper.findAll('[data-testid="tile"]')).toHaveLength(1);
  });

  it('has one tile on the way of the Tab key', () => {
    mounted = mountWall(4);
    const stops = mounted.wrapper.findAll('[data-testid="tile"][tabindex="0"]');
    expect(stops).toHaveLength(1);
  });
});

describe('choosing the server', () => {
  const open = async (serverSwitch: ServerSwitch): Promise<void> => {
    mounted = mountConsole(App, { serverSwitch, prepare: ({ server }) => goLive(server) });
    await button('Server').trigger('click');
    await mounted.wrapper.find('input[value="remote"]').setValue(true);
    await flushPromises();
  };

  it('is offered only where the host can', () => {
    mounted = mountConsole(App, { prepare: ({ server }) => goLive(server) });
    expect(button('Server').exists()).toBe(false);
  });

  it('joins a server elsewhere by the remembered address, and closes', async () => {
    const serverSwitch = fakeSwitch();
    await open(serverSwitch);
    await mounted!.wrapper.find('form').trigger('submit');
    await flushPromises();
    expect(serverSwitch.useRemoteServer).toHaveBeenCalledWith('studio.local:8443');
    expect(mounted!.wrapper.find('form').exists()).toBe(false);
  });

  it('says beside the field why an address was refused', async () => {
    await open(fakeSwitch('Nobody answers at this address.'));
    await mounted!.wrapper.find('input[type="text"]').setValue('nowhere');
    await mounted!.wrapper.find('form').trigger('submit');
    await flushPromises();
    expect(mounted!.wrapper.find('[role="alert"]').text()).toBe('Nobody answers at this address.');
    expect(mounted!.wrapper.find('input[type="text"]').attributes('aria-invalid')).toBe('true');
  });

  it('asks for an address before it tries without one', async () => {
    const serverSwitch = fakeSwitch();
    await open(serverSwitch);
    await mounted!.wrapper.find('input[type="text"]').setValue('  ');
    await mounted!.wrapper.find('form').trigger('submit');
    expect(serverSwitch.useRemoteServer).not.toHaveBeenCalled();
    expect(text()).toContain('Enter the address of the server');
  });
});

describe('keys', () => {
  it('open help and statistics, but not while typing', async () => {
    mounted = mountConsole(App, { prepare: ({ server }) => goLive(server) });
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 's', bubbles: true }));
    await nextTick();
    expect(button('Statistics').attributes('aria-pressed')).toBe('true');
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true }));
    await nextTick();
    expect(text()).toContain('Move between cameras');
    const field = mounted.wrapper
      .find('dialog')
      .element.appendChild(document.createElement('input'));
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 's', bubbles: true }));
    await nextTick();
    expect(button('Statistics').attributes('aria-pressed')).toBe('true');
  });
});
