import { describe, expect, test } from 'vitest';
import { indexAfterKey, layOut, rangesInside, rowSlots, rowTop, topToShow, visibleRows } from './geometry';

const grid = layOut({ width: 1000, tile: 180, gap: 10, padding: 20, label: 30, total: 103 });

describe('layOut', () => {
  test('tiles grow to fill the width', () => {
    expect(grid.columns).toBe(5);
    expect(grid.tileWidth).toBe(184);
    expect(grid.rowHeight).toBe(224);
    expect(grid.rows).toBe(21);
  });

  test('a width below one tile still has a column', () => {
    expect(layOut({ width: 100, tile: 180, gap: 10, padding: 0, label: 0, total: 3 })).toMatchObject({ columns: 1, tileWidth: 100, rows: 3 });
  });

  test('nothing has no height', () => {
    expect(layOut({ width: 1000, tile: 180, gap: 10, padding: 20, label: 0, total: 0 }).height).toBe(0);
  });
});

describe('visibleRows', () => {
  test('covers the viewport exactly without overscan', () => {
    expect(visibleRows(grid, 0, 600, 0)).toEqual({ first: 0, last: 3 });
    expect(visibleRows(grid, rowTop(grid, 4), 448, 0)).toEqual({ first: 4, last: 6 });
  });

  test('never leaves the rows', () => {
    expect(visibleRows(grid, grid.height, 600, 3).last).toBe(21);
    expect(visibleRows(grid, -500, 600, 3).first).toBe(0);
  });

  test('the slots always suffice', () => {
    const slots = rowSlots(grid, 600, 2);
    for (let top = 0; top < grid.height; top += 37) {
      const { first, last } = visibleRows(grid, top, 600, 2);
      expect(last - first).toBeLessThanOrEqual(slots);
    }
  });
});

describe('indexAfterKey', () => {
  const after = (index: number, key: string) => indexAfterKey(grid, index, key, 600);

  test('arrows move by one and by a row', () => {
    expect(after(7, 'ArrowLeft')).toBe(6);
    expect(after(7, 'ArrowRight')).toBe(8);
    expect(after(7, 'ArrowUp')).toBe(2);
    expect(after(7, 'ArrowDown')).toBe(12);
  });

  test('edges hold', () => {
    expect(after(0, 'ArrowLeft')).toBe(0);
    expect(after(3, 'ArrowUp')).toBe(3);
    expect(after(102, 'ArrowRight')).toBe(102);
    expect(after(102, 'ArrowDown')).toBe(102);
  });

  test('down into a short last row lands on its end', () => {
    expect(after(99, 'ArrowDown')).toBe(102);
  });

  test('pages and ends', () => {
    expect(after(50, 'PageDown')).toBe(60);
    expect(after(100, 'PageDown')).toBe(102);
    expect(after(12, 'PageUp')).toBe(2);
    expect(after(3, 'PageUp')).toBe(3);
    expect(after(50, 'Home')).toBe(0);
    expect(after(50, 'End')).toBe(102);
  });

  test('other keys are not the grid\'s', () => {
    expect(after(5, 'a')).toBeNull();
  });
});

describe('topToShow', () => {
  test('a row in view moves nothing', () => {
    expect(topToShow(grid, 3, 500, 900)).toBe(500);
  });

  test('a row below is brought to the lower edge, one above to the upper', () => {
    expect(topToShow(grid, 10, 0, 600)).toBe(rowTop(grid, 11) - 600);
    expect(topToShow(grid, 2, 2000, 600)).toBe(rowTop(grid, 2) - grid.gap);
  });
});

test('the first and last row bring the margins with them', () => {
  expect(topToShow(grid, 0, 500, 600)).toBe(0);
  expect(topToShow(grid, 20, 0, 600)).toBe(grid.height - 600);
});

describe('rangesInside', () => {
  test('a rectangle over two rows and two columns', () => {
    const area = { left: 30, top: 30, right: 230, bottom: 260 };
    expect(rangesInside(grid, area)).toEqual([
      { first: 0, last: 1 },
      { first: 5, last: 6 },
    ]);
  });

  test('the last row ends with the last asset', () => {
    const top = rowTop(grid, 20);
    expect(rangesInside(grid, { left: 0, top: top + 1, right: 1000, bottom: top + 500 })).toEqual([{ first: 100, last: 102 }]);
  });

  test('a rectangle in the margin touches nothing', () => {
    expect(rangesInside(grid, { left: 0, top: 0, right: 5, bottom: 5 })).toEqual([]);
  });
});
