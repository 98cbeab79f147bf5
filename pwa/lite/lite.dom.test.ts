import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import html from '../mobile-stream.html?raw';
import { FakeMediaDevices, refusal } from '../testing/fake-media';

/** Refuses every connection, so that the page is on its own. */
class DeadWebSocket {
  close(): void {
    // Was never open.
  }
}

const get = (hook: string): HTMLElement =>
  document.querySelector<HTMLElement>(`[data-testid="${hook}"]`)!;

describe('the light page', () => {
  let devices: FakeMediaDevices;

  beforeEach(async () => {
    vi.resetModules();
    devices = new FakeMediaDevices();
    vi.stubGlobal('WebSocket', DeadWebSocket);
    vi.stubGlobal('isSecureContext', true);
    vi.stubGlobal('RTCPeerConnection', EventTarget);
    vi.stubGlobal('RTCRtpTransceiver', EventTarget);
    Object.defineProperty(navigator, 'mediaDevices', { value: devices, configurable: true });
    sessionStorage.clear();
    localStorage.clear();
    document.body.innerHTML = /<body>([^]*)<\/body>/u.exec(html)?.[1] ?? '';
    await import('./lite');
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
});
