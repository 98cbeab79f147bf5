import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ControlOverlay } from './control-overlay';

const find = (hook: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`[data-testid="${hook}"]`);
const isShown = (hook: string): boolean => find(hook)?.style.display === 'flex';

let overlay: ControlOverlay;
let allowed: boolean[];
let vibrate: (pattern: number[]) => boolean;
let isReduced: boolean;

function open(isControlAllowed = true): void {
  overlay = new ControlOverlay({
    view: { document, navigator: { vibrate }, matchMedia: () => ({ matches: isReduced }) },
    isControlAllowed,
    setControlAllowed: (isAllowed) => allowed.push(isAllowed),
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  allowed = [];
  isReduced = false;
  vibrate = vi.fn(() => true);
  open();
});

afterEach(() => {
  overlay.close();
  overlay.close();
  expect(document.body.children).toHaveLength(0);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('the switch', () => {
  it('is there while the phone is on the air, before anybody controls it', () => {
    expect(isShown('control-switch')).toBe(false);
    overlay.setOnAir(true);
    expect(isShown('control-switch')).toBe(true);
    expect(find('control-switch')?.textContent).toBe('Remote control: on');
    expect(isShown('controlled')).toBe(false);
    find('control-switch')?.click();
    expect(find('control-switch')?.getAttribute('aria-expanded')).toBe('true');
    expect(find('controlled')?.textContent).toContain('can choose and set this camera');
    find('refuse-control')?.click();
    expect(allowed).toEqual([false]);
    find('control-switch')?.click();
    expect(isShown('controlled')).toBe(false);
    expect(find('control-switch')?.textContent).toBe('Remote control: off');
  });

  it('takes everything with it when the phone leaves the air', () => {
    overlay.setOnAir(true);
    overlay.showMessage('Left');
    overlay.showControlled();
    overlay.locate();
    overlay.setOnAir(false);
    for (const hook of ['control-switch', 'controlled', 'desk-message']) {
      expect(isShown(hook)).toBe(false);
    }
    expect(find('locate')).toBeNull();
    overlay.setOnAir(true);
    expect(isShown('desk-message')).toBe(false);
  });
});

describe('being controlled', () => {
  it('is said while it happens, and for a while after', () => {
    expect(isShown('controlled')).toBe(false);
    overlay.showControlled();
    expect(find('controlled')?.textContent).toContain('The control room is controlling');
    vi.advanceTimersByTime(5_000);
    overlay.showControlled();
    vi.advanceTimersByTime(5_000);
    expect(isShown('controlled')).toBe(true);
    vi.advanceTimersByTime(5_000);
    expect(isShown('controlled')).toBe(false);
  });

  it('can be refused, and allowed again', () => {
    overlay.setOnAir(true);
    overlay.showControlled();
    find('refuse-control')?.click();
    expect(find('refuse-control')?.textContent).toBe('Allow');
    vi.advanceTimersByTime(60_000);
    expect(find('control-switch')?.textContent).toBe('Remote control: off');
    find('control-switch')?.click();
    find('refuse-control')?.click();
    expect(find('control-switch')?.textContent).toBe('Remote control: on');
    expect(allowed).toEqual([false, true]);
  });

  it('that was refused before a reload is still refused', () => {
    overlay.close();
    open(false);
    overlay.setOnAir(true);
    expect(find('control-switch')?.textContent).toBe('Remote control: off');
    find('control-switch')?.click();
    expect(find('refuse-control')?.textContent).toBe('Allow');
  });
});

describe('a message', () => {
  it('is shown as text until it is read or taken back', () => {
    overlay.showMessage('<b>Left</b>');
    expect(find('desk-message')?.querySelector('p')?.textContent).toBe('<b>Left</b>');
    expect(isShown('desk-message')).toBe(true);
    find('desk-message')?.querySelector('button')?.click();
    expect(isShown('desk-message')).toBe(false);
    overlay.showMessage('Right');
    overlay.clearMessage();
    expect(isShown('desk-message')).toBe(false);
  });
});

describe('locating', () => {
  it('flashes at most twice a second, vibrates, and ends', () => {
    overlay.locate();
    overlay.locate();
    expect(document.querySelectorAll('[data-testid="locate"]')).toHaveLength(1);
    expect(vibrate).toHaveBeenCalled();
    let changes = 0;
    let before = find('locate')?.style.opacity;
    for (let step = 0; step < 10; step += 1) {
      vi.advanceTimersByTime(100);
      const now = find('locate')?.style.opacity;
      if (now !== before) changes += 1;
      before = now;
    }
    expect(changes).toBeGreaterThan(1);
    expect(changes).toBeLessThanOrEqual(4);
    vi.advanceTimersByTime(4_000);
    expect(find('locate')).toBeNull();
  });

  it('does not flash where motion is unwelcome', () => {
    isReduced = true;
    overlay.locate();
    vi.advanceTimersByTime(1_000);
    expect(find('locate')?.style.opacity).toBe('');
  });
});
