import { mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import { CLOSE } from '../../signal/protocol/close-codes';
import { CLOSE_SENTENCES } from '../../signal/protocol/close-sentences';
import { freshStorages, setUpBroadcast } from '../testing/broadcast-setup';
import { refusal } from '../testing/fake-media';
import { UpdateOffer } from '../update/update-offer';
import StreamPage from './StreamPage.vue';

const hook = (name: string): string => `[data-testid="${name}"]`;
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe('StreamPage', () => {
  let wrapper: VueWrapper | undefined;

  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
  });

  afterEach(() => {
    wrapper?.unmount();
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  async function show(...args: Parameters<typeof setUpBroadcast>) {
    const setUp = setUpBroadcast(...args);
    const update = new UpdateOffer();
    const location = {
      port: '8443',
      pathname: '/stream',
      origin: 'https://192.0.2.7:8443',
      assign: vi.fn(),
      reload: vi.fn(),
    };
    setUp.broadcast.open();
    if (setUp.server.status === 'connecting') setUp.server.accept();
    const page = mount(StreamPage, {
      props: { broadcast: setUp.broadcast, device: { kind: 'phone' }, update, location },
      attachTo: document.body,
    });
    wrapper = page;
    const start = async (): Promise<void> => {
      await page.find('form').trigger('submit');
      await settle();
    };
    await nextTick();
    return { ...setUp, page, update, location, start };
  }

  it('gives the reason before it asks, and says where the connection stands', async () => {
    const { page, devices } = await show();
    expect(page.text()).toContain('Nothing is sent until you tap Start.');
    expect(page.get(hook('start')).text()).toBe('Start streaming');
    expect(page.get(hook('status')).text()).toBe('Connected to Studio');
    expect(page.get(hook('status')).attributes('data-state')).toBe('idle');
    expect(devices.asked).toEqual([]);
  });

  it('goes live under the name that was typed', async () => {
    const { page, server, start } = await show();
    await page.get(hook('stream-name')).setValue('Stage left');
    await start();
    expect(server.stream?.label).toBe('Stage left');
    expect(page.get('h1').text()).toBe('Stage left');
    expect(page.get(hook('status')).attributes('data-state')).toBe('live');
    await vi.advanceTimersByTimeAsync(65_100);
    expect(page.get(hook('status')).text()).toBe('LIVE 01:05');
  });

  it('shows the default name again in a field that was emptied', async () => {
    const { page } = await show();
    await page.get(hook('stream-name')).setValue('   ');
    await page.get(hook('stream-name')).trigger('change');
    expect(page.get<HTMLInputElement>(hook('stream-name')).element.value).toBe('iPhone camera');
  });

  it('shows how many watch as a bare number', async () => {
    const { page, server, start } = await show();
    await start();
    server.count(12);
    await nextTick();
    expect(page.get(hook('viewer-count')).text()).toBe('12');
    expect(page.text()).toContain('Watched by 12');
  });

  it('mutes, and shows it as a pressed button', async () => {
    const { page, server, start } = await show();
    await start();
    expect(page.get(hook('mute')).attributes('aria-pressed')).toBe('false');
    await page.get(hook('mute')).trigger('click');
    await settle();
    expect(page.get(hook('mute')).attributes('aria-pressed')).toBe('true');
    expect(server.stream?.capture.microphoneMuted).toBe(true);
  });

  it('mirrors the front camera only', async () => {
    const { page, start } = await show();
    await start();
    expect(page.get(hook('preview')).classes()).not.toContain('mirrored');
    await page.get(hook('switch-camera')).trigger('click');
    await settle();
    expect(page.get(hook('preview')).classes()).toContain('mirrored');
  });

  it('offers no switch where there is one camera', async () => {
    const { page, devices, start } = await show();
    devices.cameras = devices.cameras.slice(0, 1);
    await start();
    expect(page.get(hook('switch-camera')).attributes('disabled')).toBeDefined();
  });

  it('stops at one tap', async () => {
    const { page, server, start } = await show();
    await start();
    await page.get(hook('stop')).trigger('click');
    await settle();
    expect(server.stream).toBeUndefined();
    expect(page.find(hook('start')).exists()).toBe(true);
  });

  it('says that pictures go on while the server is away', async () => {
    const { page, server, start } = await show();
    await start();
    server.drop();
    await nextTick();
    expect(page.get(hook('status')).attributes('data-state')).toBe('reconnecting');
    expect(page.text()).toContain('Pictures go on to those who watch');
  });

  it.each([
    ['NotAllowedError', 'denied', 'The camera is blocked for this page', 'Reload'],
    ['NotAllowedError', 'prompt', 'The camera was not allowed', 'Try again'],
    ['NotAllowedError', 'granted', 'The browser may not use the camera', 'Try again'],
    ['NotFoundError', 'granted', 'No camera found', 'Try again'],
    ['NotReadableError', 'granted', 'The camera is in use', 'Try again'],
  ] as const)('%s with permission %s: "%s", %s', async (name, permission, title, wayOut) => {
    const { page, devices, permissions, start } = await show();
    permissions.camera = permission;
    devices.refuse = () => refusal(name);
    await start();
    expect(page.get(hook('status')).attributes('data-state')).toBe('failed');
    expect(page.get(`${hook('problem')} h2`).text()).toBe(title);
    expect(page.get(hook('way-out')).text()).toBe(wayOut);
    expect(document.activeElement?.textContent).toBe(title);
  });

  it.each([
    ['insecure', 'This address cannot use the camera', 'http://localhost:8443/stream'],
    ['no-webrtc', 'This browser cannot stream', 'WebRTC'],
  ] as const)('%s: says so at load', async (obstacle, title, hint) => {
    const { page, location } = await show(undefined, { obstacle, camera: undefined });
    expect(page.get(`${hook('problem')} h2`).text()).toBe(title);
    expect(page.get(hook('problem')).text()).toContain(hint);
    await page.get(hook('way-out')).trigger('click');
    expect(location.reload).toHaveBeenCalledOnce();
  });

  it('goes live by its way out once the cause is gone', async () => {
    const { page, devices, start } = await show();
    devices.refuse = () => refusal('NotReadableError');
    await start();
    devices.refuse = () => undefined;
    await page.get(hook('way-out')).trigger('click');
    await settle();
    expect(page.get(hook('status')).attributes('data-state')).toBe('live');
    expect(page.find(hook('problem')).exists()).toBe(false);
  });

  it('shows the preview while it waits in the lobby, and then goes live', async () => {
    const { page, server, start } = await show();
    server.hasLobby = true;
    await start();
    expect(page.get(hook('waiting')).text()).toContain(
      'Waiting for the control room to let you in',
    );
    expect(page.get(hook('waiting')).text()).toContain('small still picture');
    expect(page.get(hook('status')).attributes('data-state')).toBe('connecting');
    expect(page.get(hook('status')).text()).toBe('Waiting to be let in');
    expect(page.find(hook('preview')).exists()).toBe(true);
    server.admit();
    await settle();
    expect(page.find(hook('waiting')).exists()).toBe(false);
    expect(page.get(hook('status')).attributes('data-state')).toBe('live');
  });

  it('may ask again a while after it was not let in', async () => {
    const { page, server, start } = await show();
    server.hasLobby = true;
    await start();
    server.tell({ type: 'admission', state: 'refused' });
    await nextTick();
    expect(page.get(hook('way-out')).attributes('disabled')).toBeDefined();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(page.get(hook('way-out')).text()).toBe('Ask again');
    expect(page.get(hook('way-out')).attributes('disabled')).toBeUndefined();
    await page.get(hook('way-out')).trigger('submit');
    await settle();
    expect(page.find(hook('waiting')).exists()).toBe(true);
  });

  it('says what an operator did, where it matters', async () => {
    const { page, server, memory, start } = await show();
    await start();
    server.tell({ type: 'moderated', action: { kind: 'renamed', label: 'Door' } });
    await nextTick();
    expect(page.get('h1').text()).toBe('Door');
    expect(page.text()).toContain('The control room named this camera “Door”.');
    server.tell({ type: 'moderated', action: { kind: 'muted' } });
    await nextTick();
    expect(page.text()).toContain('The control room muted you.');
    expect(page.get(hook('mute')).attributes('aria-pressed')).toBe('true');
    const { streamId } = memory;
    server.tell({ type: 'stream-removed', streamId, reason: 'stopped-by-operator' });
    await nextTick();
    expect(page.get(hook('notice')).text()).toContain('The control room stopped your stream.');
    expect(page.get<HTMLInputElement>(hook('stream-name')).element.value).toBe('Door');
    await start();
    expect(page.get(hook('status')).attributes('data-state')).toBe('live');
    expect(page.find(hook('notice')).exists()).toBe(false);
  });

  describe('without a key', () => {
    const KEY = 'key-of-the-first-link-';
    const refused = { code: CLOSE.keyRequired.code, sentence: 'A key, please.' };

    it('takes the link that is pasted', async () => {
      const { page, server } = await show();
      server.fail(refused);
      await nextTick();
      expect(page.get(hook('problem')).text()).toContain('Scan the code at the control room');
      await page.get(hook('pasted-link')).setValue(` https://192.0.2.7:8443/stream#key=${KEY} `);
      await page.get('form').trigger('submit');
      expect(server.credentials.key).toBe(KEY);
      server.accept();
      await nextTick();
      expect(page.find(hook('start')).exists()).toBe(true);
    });

    it('says so when it is no link, and follows one to another server', async () => {
      const { page, server, location } = await show();
      server.fail(refused);
      await nextTick();
      await page.get(hook('pasted-link')).setValue('hello');
      await page.get('form').trigger('submit');
      expect(page.get(hook('problem')).text()).toContain('This is no link from a control room.');
      const elsewhere = `https://192.0.2.9:8443/stream#key=${KEY}`;
      await page.get(hook('pasted-link')).setValue(elsewhere);
      await page.get('form').trigger('submit');
      expect(location.assign).toHaveBeenCalledExactlyOnceWith(elsewhere);
      expect(page.get(hook('problem')).text()).not.toContain('This is no link');
    });

    it('tries again by the key that this device has, when nothing is pasted', async () => {
      const { page, server, access } = await show();
      server.fail(refused);
      access.key = KEY;
      await nextTick();
      await page.get('form').trigger('submit');
      expect(server.credentials.key).toBe(KEY);
      expect(server.status).toBe('connecting');
    });
  });

  it('can become another camera where a second tab goes on as this one', async () => {
    const storages = freshStorages();
    const { page, server, memory, location, start } = await show(storages);
    await start();
    server.fail({ code: CLOSE.superseded.code, sentence: 'Closed.' });
    await nextTick();
    expect(page.get(hook('problem')).text()).toContain(CLOSE_SENTENCES.superseded);
    await page.get(hook('way-out')).trigger('click');
    expect(location.reload).toHaveBeenCalledOnce();
    const reloaded = setUpBroadcast(storages).memory;
    expect(reloaded.streamId).not.toBe(memory.streamId);
    expect(reloaded.liveAt(Date.now())).toBeUndefined();
  });

  it('offers a new version only while nothing is live', async () => {
    const { page, update, start } = await show();
    const activate = vi.fn();
    await start();
    update.offer(activate);
    await nextTick();
    expect(page.find(hook('update-reload')).exists()).toBe(false);
    await page.get(hook('stop')).trigger('click');
    await page.get(hook('update-reload')).trigger('click');
    expect(activate).toHaveBeenCalledOnce();
  });
});
