import { expect, it } from 'vitest';
import { MeterBoard } from './meter-board';

function makeMeter(): { element: HTMLElement; bar: HTMLElement } {
  return { element: document.createElement('div'), bar: document.createElement('div') };
}

it('shows level, clipping for a second, and that nothing is known', () => {
  const board = new MeterBoard();
  const { element, bar } = makeMeter();
  board.add('A', element, bar);
  board.paint(new Map([['A', 0.031_62]]), 0);
  expect(bar.style.transform).toBe('scaleY(0.5)');
  expect(element.dataset['meter']).toBe('level');
  board.paint(new Map([['A', 0.9]]), 80);
  expect(element.dataset['meter']).toBe('clipped');
  board.paint(new Map([['A', 0.1]]), 1_000);
  expect(element.dataset['meter']).toBe('clipped');
  board.paint(new Map([['A', 0.1]]), 1_100);
  expect(element.dataset['meter']).toBe('level');
  board.paint(new Map(), 1_200);
  expect(element.dataset['meter']).toBe('unknown');
});

it('writes nothing where nothing changed', () => {
  const board = new MeterBoard();
  const { element, bar } = makeMeter();
  board.add('A', element, bar);
  const levels = new Map([['A', 0.5]]);
  board.paint(levels, 0);
  bar.style.transform = 'untouched';
  for (let now = 80; now < 800; now += 80) board.paint(levels, now);
  expect(bar.style.transform).toBe('untouched');
});

it('leaves alone the meter of a tile that is gone, but not its successor’s', () => {
  const board = new MeterBoard();
  const [before, after] = [makeMeter(), makeMeter()];
  const stop = board.add('A', before.element, before.bar);
  board.add('A', after.element, after.bar);
  stop();
  board.paint(new Map([['A', 1]]), 0);
  expect(before.bar.style.transform).toBe('');
  expect(after.bar.style.transform).toBe('scaleY(1)');
});
