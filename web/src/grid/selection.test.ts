import { describe, expect, test } from 'vitest';
import type { Asset } from '../api/types';
import { largestSelection, Selection } from './selection';

const asset = (id: number, status: Asset['status'] = 'ready') => ({ id, status }) as Asset;
const ids = (selection: Selection) => [1, 2, 3, 4, 5].filter((id) => selection.has(id));

describe('Selection', () => {
  test('replace, add and toggle', () => {
    const selection = new Selection();
    selection.replace([asset(1), asset(2)]);
    selection.add([asset(3)]);
    selection.toggle(asset(2));
    selection.toggle(asset(4));
    expect(ids(selection)).toEqual([1, 3, 4]);
    selection.replace([asset(5)]);
    expect(ids(selection)).toEqual([5]);
  });

  test('a band adds to what was there and lets go of what it leaves', () => {
    const selection = new Selection();
    selection.replace([asset(1)]);
    selection.startBand(true);
    selection.moveBand([asset(2), asset(3)]);
    expect(ids(selection)).toEqual([1, 2, 3]);
    selection.moveBand([asset(2)]);
    selection.endBand();
    expect(ids(selection)).toEqual([1, 2]);
  });

  test('a band without a modifier replaces', () => {
    const selection = new Selection();
    selection.replace([asset(1)]);
    selection.startBand(false);
    selection.moveBand([asset(2)]);
    expect(ids(selection)).toEqual([2]);
  });

  test('knows which of its assets failed, and follows their changes', () => {
    let changes = 0;
    const selection = new Selection(() => changes++);
    selection.replace([asset(1, 'failed'), asset(2), asset(3, 'failed')]);
    expect(selection.failedIds).toEqual([1, 3]);
    selection.refresh([asset(1, 'pending'), asset(9, 'failed')]);
    expect(selection.failedIds).toEqual([3]);
    expect(changes).toBe(2);
  });

  test('has a limit', () => {
    const selection = new Selection();
    selection.replace(Array.from({ length: largestSelection + 5 }, (_, id) => asset(id)));
    expect(selection.size).toBe(largestSelection);
  });
});
