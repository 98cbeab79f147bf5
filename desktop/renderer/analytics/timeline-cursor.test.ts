import { describe, expect, it } from 'vitest';
import { cursorAfterKey, showing, type CursorField } from './timeline-cursor';

const field: CursorField = {
  rowCount: 3,
  range: { from: 1_000, to: 2_000 },
  bounds: { from: 0, to: 4_000 },
  until: 3_500,
};

describe('the cursor of the timeline', () => {
  it('comes to the newest moment in view with the first key', () => {
    expect(cursorAfterKey('ArrowDown', undefined, field)).toEqual({ row: 0, at: 2_000 });
    const all = { ...field, range: field.bounds };
    expect(cursorAfterKey('ArrowLeft', undefined, all)).toEqual({ row: 0, at: 3_500 });
  });

  it('moves by rows and by parts of what is in view, and stays inside', () => {
    const cursor = { row: 1, at: 1_500 };
    expect(cursorAfterKey('ArrowUp', cursor, field)).toEqual({ row: 0, at: 1_500 });
    expect(cursorAfterKey('ArrowDown', { row: 2, at: 0 }, field)).toEqual({ row: 2, at: 0 });
    expect(cursorAfterKey('ArrowRight', cursor, field)).toEqual({ row: 1, at: 1_510 });
    expect(cursorAfterKey('PageUp', cursor, field)).toEqual({ row: 1, at: 1_400 });
    expect(cursorAfterKey('Home', cursor, field)).toEqual({ row: 1, at: 0 });
    // Beyond the end of the session there is nothing to read.
    expect(cursorAfterKey('End', cursor, field)).toEqual({ row: 1, at: 3_500 });
  });

  it('goes when asked, and leaves other keys alone', () => {
    expect(cursorAfterKey('Delete', { row: 0, at: 1 }, field)).toBe('gone');
    expect(cursorAfterKey('+', undefined, field)).toBeUndefined();
    expect(cursorAfterKey('ArrowUp', undefined, { ...field, rowCount: 0 })).toBeUndefined();
  });

  it('has the view follow it', () => {
    expect(showing(field.range, 1_500, field.bounds)).toBe(field.range);
    expect(showing(field.range, 400, field.bounds)).toEqual({ from: 400, to: 1_400 });
    expect(showing(field.range, 2_600, field.bounds)).toEqual({ from: 1_600, to: 2_600 });
  });
});
