import { describe, expect, it, vi } from 'vitest';
import { FakePage } from '../testing/fake-page';
import { ScreenWakeLock, type WakeLockPort } from './wake-lock';

class FakeSentinel extends EventTarget implements WakeLockSentinel {
  released = false;
  readonly type = 'screen';
  onrelease = null;

  release(): Promise<void> {
    this.released = true;
    return Promise.resolve();
  }
}

class FakeWakeLock implements WakeLockPort {
  readonly given: FakeSentinel[] = [];
  isRefusing = false;

  request(): Promise<WakeLockSentinel> {
    if (this.isRefusing) return Promise.reject(new DOMException('', 'NotAllowedError'));
    const sentinel = new FakeSentinel();
    this.given.push(sentinel);
    return Promise.resolve(sentinel);
  }

  get held(): number {
    return this.given.filter(({ released }) => !released).length;
  }
}

const settle = (): Promise<void> => vi.waitFor(() => Promise.resolve());

describe('ScreenWakeLock', () => {
  it('holds one lock however often it is asked', async () => {
    const port = new FakeWakeLock();
    const lock = new ScreenWakeLock(port, new FakePage());
    lock.hold();
    lock.hold();
    await settle();
    expect(port.held).toBe(1);
    lock.release();
    expect(port.held).toBe(0);
  });

  it('takes it again on return, after the system took it back', async () => {
    const port = new FakeWakeLock();
    const page = new FakePage();
    const lock = new ScreenWakeLock(port, page);
    lock.hold();
    await settle();
    page.hide();
    port.given.forEach((sentinel) => (sentinel.released = true));
    page.show();
    await settle();
    expect(port.held).toBe(1);
    lock.release();
    page.hide();
    page.show();
    await settle();
    expect(port.held).toBe(0);
  });

  it('gives back a lock that arrives after the release', async () => {
    const port = new FakeWakeLock();
    const lock = new ScreenWakeLock(port, new FakePage());
    lock.hold();
    lock.release();
    await settle();
    expect(port.given).toHaveLength(1);
    expect(port.held).toBe(0);
  });

  it('lives with a refusal and asks again on return', async () => {
    const port = new FakeWakeLock();
    const page = new FakePage();
    port.isRefusing = true;
    const lock = new ScreenWakeLock(port, page);
    lock.hold();
    await settle();
    port.isRefusing = false;
    page.show();
    await settle();
    expect(port.held).toBe(1);
  });

  it('does nothing where browsers have none', () => {
    const lock = new ScreenWakeLock(undefined, new FakePage());
    expect(() => {
      lock.hold();
      lock.release();
    }).not.toThrow();
  });
});
