import { describe, expect, test } from 'vitest';
import { ScrollMap } from './scrollMap';

function map(height: number, viewport = 800) {
  const scroll = new ScrollMap();
  scroll.resize(height, viewport);
  return scroll;
}

describe('ScrollMap below the limit', () => {
  test('is the identity', () => {
    const scroll = map(100_000);
    scroll.onScroll(54_321);
    expect(scroll.top).toBe(54_321);
    expect(scroll.offset).toBe(0);
    expect(scroll.settle()).toBeNull();
  });
});

describe('ScrollMap above the limit', () => {
  const height = 80_000_000;

  test('the element stays bearable', () => {
    expect(map(height).elementHeight).toBe(4_000_000);
  });

  test('the scrollbar reaches both ends in one step', () => {
    const scroll = map(height);
    scroll.onScroll(4_000_000 - 800);
    expect(scroll.top).toBe(height - 800);
    scroll.onScroll(0);
    expect(scroll.top).toBe(0);
  });

  test('the middle of the scrollbar is the middle of the content', () => {
    const scroll = map(height);
    scroll.onScroll((4_000_000 - 800) / 2);
    expect(scroll.top).toBeCloseTo((height - 800) / 2, 3);
  });

  test('a wheel step moves the content by the same pixels', () => {
    const scroll = map(height);
    scroll.onScroll(2_000_000);
    const before = scroll.top;
    scroll.onScroll(2_000_100);
    expect(scroll.top - before).toBe(100);
  });

  test('settling moves the scrollbar and not the content', () => {
    const scroll = map(height);
    scroll.onScroll(2_000_000);
    for (let i = 1; i <= 50; i++) scroll.onScroll(2_000_000 + i * 100);
    const top = scroll.top;
    const settled = scroll.settle();
    expect(settled).not.toBeNull();
    expect(scroll.top).toBe(top);
    expect(scroll.scrollTop).toBe(settled);
    scroll.onScroll(settled!);
    expect(scroll.top).toBe(top);
  });

  test('moveTo and the reported scroll position agree', () => {
    const scroll = map(height);
    for (const top of [0, 50_000, 100_000, 100_001, 39_999_999, height - 100_801, height - 5_000, height - 800]) {
      const position = scroll.moveTo(top);
      scroll.onScroll(position);
      expect(scroll.top).toBe(top);
    }
  });

  test('wheeling from the middle to the top reaches the very first pixel', () => {
    const scroll = map(height);
    scroll.moveTo(130_000);
    let position = scroll.scrollTop;
    for (let i = 0; i < 2000 && scroll.top > 0; i++) {
      position = Math.max(0, position - 100);
      scroll.onScroll(position);
      if (scroll.isStuck) position = scroll.settle() ?? position;
      if (i % 10 === 0) position = scroll.settle() ?? position;
    }
    expect(scroll.top).toBe(0);
  });

  test('growing content keeps the place', () => {
    const scroll = map(3_000_000);
    scroll.onScroll(1_000_000);
    scroll.resize(height, 800);
    expect(scroll.top).toBe(1_000_000);
    scroll.onScroll(scroll.scrollTop);
    expect(scroll.top).toBe(1_000_000);
  });
});
