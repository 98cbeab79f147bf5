import { afterEach, describe, expect, it, vi } from 'vitest';
import { bindWakeEvents } from './wake-events';

function setVisibility(state: DocumentVisibilityState): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new Event('visibilitychange'));
}

function connectNetworkInformation(): EventTarget {
  const network = new EventTarget();
  vi.stubGlobal('navigator', { connection: network });
  return network;
}

describe('bindWakeEvents', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it('wakes when the network or the page comes back', () => {
    const network = connectNetworkInformation();
    const client = { wake: vi.fn() };
    const unbind = bindWakeEvents(client);
    window.dispatchEvent(new Event('online'));
    expect(client.wake).toHaveBeenCalledTimes(1);
    window.dispatchEvent(new Event('pageshow'));
    expect(client.wake).toHaveBeenCalledTimes(2);
    network.dispatchEvent(new Event('change'));
    expect(client.wake).toHaveBeenCalledTimes(3);
    setVisibility('visible');
    expect(client.wake).toHaveBeenCalledTimes(4);
    unbind();
  });

  it('lets a page that goes away sleep', () => {
    const client = { wake: vi.fn() };
    const unbind = bindWakeEvents(client);
    setVisibility('hidden');
    expect(client.wake).not.toHaveBeenCalled();
    unbind();
  });

  it('unbinds everything', () => {
    const network = connectNetworkInformation();
    const client = { wake: vi.fn() };
    bindWakeEvents(client)();
    window.dispatchEvent(new Event('online'));
    window.dispatchEvent(new Event('pageshow'));
    network.dispatchEvent(new Event('change'));
    setVisibility('visible');
    expect(client.wake).not.toHaveBeenCalled();
  });

  it('does without network information', () => {
    vi.stubGlobal('navigator', {});
    const client = { wake: vi.fn() };
    const unbind = bindWakeEvents(client);
    window.dispatchEvent(new Event('online'));
    expect(client.wake).toHaveBeenCalledTimes(1);
    unbind();
  });
});
