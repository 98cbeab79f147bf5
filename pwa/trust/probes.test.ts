import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { browserProbes, type Probes } from './probes';

const ORIGIN = 'https://desk.local:8443';

/** Stays as it is until the test says what happens. */
class FakeSocket {
  static last: FakeSocket | undefined;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  isClosed = false;
  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {
    FakeSocket.last = this;
  }
  close(): void {
    this.isClosed = true;
  }
}

describe('browserProbes', () => {
  const fetched = vi.fn<typeof fetch>();
  let probes: Probes;
  let controller: AbortController;

  beforeEach(() => {
    vi.useFakeTimers();
    fetched.mockReset();
    vi.stubGlobal('fetch', fetched);
    vi.stubGlobal('WebSocket', FakeSocket);
    probes = browserProbes(5_000);
    controller = new AbortController();
  });

  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('reads the facts, and nothing that only looks like them', async () => {
    fetched.mockResolvedValueOnce(Response.json({ hello: 'captive portal' }));
    expect(await probes.facts(controller.signal)).toBeUndefined();
    const facts = {
      serverName: 'Studio',
      rootName: 'Root',
      rootFingerprint: Array.from({ length: 32 }, () => '0A').join(':'),
      securePort: 8443,
      httpPort: 8080,
    };
    fetched.mockResolvedValueOnce(Response.json(facts));
    expect(await probes.facts(controller.signal)).toEqual(facts);
  });

  it('tells a page that is refused from one that is in trouble', async () => {
    fetched.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    expect(await probes.page(ORIGIN, controller.signal)).toBe('refused');
    fetched.mockResolvedValueOnce(Response.json({ status: 'draining' }, { status: 503 }));
    expect(await probes.page(ORIGIN, controller.signal)).toBe('broken');
    fetched.mockResolvedValueOnce(Response.json({ status: 'ok' }));
    expect(await probes.page(ORIGIN, controller.signal)).toBe('passed');
    expect(fetched.mock.calls[0]?.[0]).toBe(`${ORIGIN}/healthz`);
  });

  it('gives up on a page that never answers', async () => {
    fetched.mockImplementation(
      (_url, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    );
    const finding = probes.page(ORIGIN, controller.signal);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await finding).toBe('refused');
  });

  it('opens the secure WebSocket as a console would, and closes it at once', async () => {
    const finding = probes.socket(ORIGIN, controller.signal);
    const socket = FakeSocket.last!;
    expect(socket.url).toMatch(/^wss:\/\/desk\.local:8443\/ws\/[0-9a-f-]{36}\/viewer$/u);
    expect(socket.protocol).toBe('sightline.v1');
    socket.onopen?.();
    expect(await finding).toBe('passed');
    expect(socket.isClosed).toBe(true);
  });

  it('closes a socket that is refused, silent or abandoned', async () => {
    const refused = probes.socket(ORIGIN, controller.signal);
    FakeSocket.last?.onclose?.();
    expect(await refused).toBe('refused');

    const silent = probes.socket(ORIGIN, controller.signal);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await silent).toBe('refused');

    const abandoned = probes.socket(ORIGIN, controller.signal);
    controller.abort();
    expect(await abandoned).toBe('refused');
    expect(FakeSocket.last?.isClosed).toBe(true);
  });

  describe('of the service worker', () => {
    const container = {
      getRegistration: vi.fn<() => Promise<{ update: () => Promise<void> } | undefined>>(),
      register: vi.fn<(url: string, options: object) => Promise<void>>(),
    };

    beforeEach(() => {
      container.getRegistration.mockReset().mockResolvedValue(undefined);
      container.register.mockReset().mockResolvedValue(undefined);
      vi.stubGlobal('navigator', { serviceWorker: container });
    });

    it('registers the one of the camera page', async () => {
      expect(await probes.worker(controller.signal)).toBe('passed');
      expect(container.register).toHaveBeenCalledWith('/sw.js', { scope: '/stream' });
    });

    it('fetches a known one again, since a known one proves nothing', async () => {
      const update = vi.fn<() => Promise<void>>();
      update.mockRejectedValueOnce(new DOMException('certificate', 'SecurityError'));
      container.getRegistration.mockResolvedValue({ update });
      expect(await probes.worker(controller.signal)).toBe('refused');
      expect(container.register).not.toHaveBeenCalled();
    });

    it('asks whether the file is there where the browser does not say what is wrong', async () => {
      container.register.mockRejectedValue(new TypeError('failed'));
      fetched.mockResolvedValueOnce(new Response('// worker'));
      expect(await probes.worker(controller.signal)).toBe('refused');
      fetched.mockResolvedValueOnce(new Response('', { status: 404 }));
      expect(await probes.worker(controller.signal)).toBe('broken');
    });

    it('sees a browser without any', async () => {
      vi.stubGlobal('navigator', {});
      expect(await probes.worker(controller.signal)).toBe('unsupported');
    });
  });
});
