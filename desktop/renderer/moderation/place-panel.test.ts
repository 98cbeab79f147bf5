import { expect, it } from 'vitest';
import { placePanel } from './place-panel';

const frame = { width: 1000, height: 600 };
const panel = { width: 260, height: 220 };

it('hangs from the button’s right edge, and opens at the pointer', () => {
  expect(placePanel({ x: 500, y: 80, hangsFrom: 'button' }, panel, frame)).toEqual({
    left: 240,
    top: 80,
  });
  expect(placePanel({ x: 500, y: 80, hangsFrom: 'pointer' }, panel, frame)).toEqual({
    left: 500,
    top: 80,
  });
});

it('stays inside the window, its beginning before all', () => {
  expect(placePanel({ x: 990, y: 590, hangsFrom: 'pointer' }, panel, frame)).toEqual({
    left: 732,
    top: 372,
  });
  expect(
    placePanel({ x: 40, y: 0, hangsFrom: 'button' }, panel, { width: 200, height: 100 }),
  ).toEqual({ left: 8, top: 8 });
});
