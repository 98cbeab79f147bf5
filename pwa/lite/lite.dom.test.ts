import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLOSE } from '../../signal/protocol/close-codes';
import { createFakeWebSockets, type FakeWebSockets } from '../../signal/testing/fake-web-socket';
import { welcomeOf } from '../../signal/testing/sample-messages';
import html from '../mobile-stream.html?raw';
import { FakeMediaDevices, refusal } from '../testing/fake-media';

const get = (hook: string): HTMLElement =>
  document.querySelector<HTMLElement>(`[data-testid="${hook}"]`)!;

describe('the light page', () => {
  let devices: FakeMediaDevices;
  let sockets: FakeWebSockets;

  beforeEach(async () => {
    vi.resetModules();
    devices = new FakeMediaDevices();
    sockets = createFakeWebSockets();
    vi.stubGlobal('WebSocket', sockets.WebSocket);
    vi.stubGlobal('isSecureContext', true);
    vi.stubGlobal('RTCPeerConnection', EventTarget);
    vi.stubGlobal('RTCRtpTransceiver', EventTarget);
    Object.defineProperty(navigator, 'mediaDevices', { value: devices, configurable: true });
    sessionStorage.clear();
    localStorage.clear();
    document.body.innerHTML = /<body>([^]*)<\/body>/u.exec(html)?.[1] ?? '';
    await import('./lite');
    window.dispatchEvent(new Event('load'));
  });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('finds every part of its page, and shows the reason first', () => {
    expect(get('start').textContent).toBe('Start streaming');
    expect(document.body.textContent).toContain('Nothing is sent until you tap Start.');
    expect(get('status').textContent).toBe('Looking for the control room…');
    expect(document.getElementById('too-old')?.hidden).toBe(true);
  });

  it('opens the camera and shows it while the server is looked for', async () => {
    get('start').click();
    await vi.waitFor(() => expect(get('status').textContent).toBe('Looking for the control room…'));
    expect(get('status').dataset['state']).toBe('connecting');
    expect(document.querySelector('video')?.srcObject).not.toBeNull();
    get('mute').click();
    expect(get('mute').getAttribute('aria-pressed')).toBe('true');
    get('stop').click();
    expect(get('status').dataset['state']).toBe('idle');
    expect(devices.liveTracks).toEqual([]);
  });

  it('says why the camera did not open, and tries again', async () => {
    devices.refuse = () => refusal('NotReadableError');
    get('start').click();
    await vi.waitFor(() => expect(get('problem').hidden).toBe(false));
    expect(get('problem').textContent).toContain('The camera is in use');
    devices.refuse = () => undefined;
    get('way-out').click();
    await vi.waitFor(() => expect(get('status').dataset['state']).toBe('connecting'));
    expect(get('problem').hidden).toBe(true);
    get('stop').click();
  });

  describe('with a server', () => {
    const KEY = 'key-of-the-first-link-';
    const hasText = (hook: string, text: string): Promise<void> =>
      vi.waitFor(() => expect(get(hook).textContent).toContain(text));

    it('tells who has no key where links come from, and takes one that is pasted', async () => {
      sockets.latest.accept();
      expect(sockets.latest.sent).toMatchObject([{ type: 'hello', device: {} }]);
      expect(sockets.latest.sent[0]).not.toHaveProperty('key');
      sockets.latest.drop(CLOSE.keyRequired.code);
      await hasText('problem', 'Scan the code at the control room');
      const field = document.querySelector<HTMLInputElement>('#pasted-link')!;
      field.value = 'hello';
      get('way-out').click();
      await hasText('problem', 'This is no link');
      field.value = `${window.location.origin}/mobile-stream.html#key=${KEY}`;
      get('way-out').click();
      sockets.latest.accept();
      expect(sockets.latest.sent).toMatchObject([{ type: 'hello', key: KEY }]);
      sockets.latest.deliver(welcomeOf({ role: 'phone' }));
      expect(get('problem').hidden).toBe(true);
      expect(get('status').textContent).toBe('Connected to Test server');
    });

    it('waits in the lobby, and may ask again when it is not let in', async () => {
      sockets.latest.accept();
      sockets.latest.deliver(welcomeOf({ role: 'phone' }));
      get('start').click();
      await vi.waitFor(() =>
        expect(sockets.latest.sent.map(({ type }) => type)).toContain('publish'),
      );
      sockets.latest.deliver({ type: 'admission', state: 'waiting' });
      expect(get('status').dataset['state']).toBe('connecting');
      await vi.waitFor(() =>
        expect(document.getElementById('banner')?.textContent).toContain('Waiting for the control'),
      );
      sockets.latest.deliver({ type: 'admission', state: 'refused' });
      await hasText('problem', 'The control room did not let you in');
      expect(get('way-out')).toHaveProperty('disabled', true);
      expect(devices.liveTracks).toEqual([]);
    });

    it('takes the name that the control room gives, and says who stopped the stream', async () => {
      sockets.latest.accept();
      sockets.latest.deliver(welcomeOf({ role: 'phone' }));
      get('start').click();
      await vi.waitFor(() =>
        expect(sockets.latest.sent.map(({ type }) => type)).toContain('publish'),
      );
      const publish = sockets.latest.sent.find((message) => message.type === 'publish')!;
      sockets.latest.deliver({ type: 'moderated', action: { kind: 'renamed', label: 'Door' } });
      expect(document.getElementById('label')?.textContent).toBe('Door');
      const { streamId } = publish;
      sockets.latest.deliver({ type: 'stream-removed', streamId, reason: 'stopped-by-operator' });
      await hasText('notice', 'The control room stopped your stream.');
      expect(get('stream-name')).toHaveProperty('value', 'Door');
      expect(get('status').dataset['state']).toBe('idle');
    });
  });
});
