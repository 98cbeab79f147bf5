import { describe, expect, it } from 'vitest';
import { tileAction } from './tile-keys';

function press(key: string, held: Partial<KeyboardEvent> = {}): Parameters<typeof tileAction>[0] {
  return { key, ctrlKey: false, metaKey: false, altKey: false, repeat: false, ...held };
}

describe('tileAction', () => {
  it.each([
    ['ArrowLeft', 'left'],
    ['ArrowDown', 'down'],
    ['f', 'fullscreen'],
    ['F', 'fullscreen'],
    ['Enter', 'fullscreen'],
    ['l', 'sound'],
    ['m', 'menu'],
    ['ContextMenu', 'menu'],
    ['x', undefined],
  ])('reads %s as %s', (key, expected) => {
    expect(tileAction(press(key), true)).toBe(expected);
  });

  it('leaves Enter to the button that has the focus', () => {
    expect(tileAction(press('Enter'), false)).toBeUndefined();
    expect(tileAction(press('f'), false)).toBe('fullscreen');
  });

  it('leaves combinations to the browser', () => {
    expect(tileAction(press('f', { ctrlKey: true }), true)).toBeUndefined();
    expect(tileAction(press('ArrowLeft', { altKey: true }), true)).toBeUndefined();
  });

  it('wanders while an arrow is held, and does not flicker while F is', () => {
    expect(tileAction(press('ArrowRight', { repeat: true }), true)).toBe('right');
    expect(tileAction(press('f', { repeat: true }), true)).toBeUndefined();
    expect(tileAction(press('l', { repeat: true }), true)).toBeUndefined();
  });
});
