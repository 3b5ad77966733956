import { describe, expect, test } from 'vitest';
import { detailScale, fitScale, fitted, keepInside, largestScale, panBy, zoomAt } from './zoom';

const sizes = { stageWidth: 1000, stageHeight: 800, pictureWidth: 4000, pictureHeight: 3000 };
const small = { ...sizes, pictureWidth: 100, pictureHeight: 100 };

test('a large picture fits, a small one stays small', () => {
  expect(fitScale(sizes)).toBe(0.25);
  expect(fitScale(small)).toBe(1);
});

test('detail is one to one, or twice when it is shown so already', () => {
  expect(detailScale(sizes)).toBe(4);
  expect(detailScale(small)).toBe(2);
  expect(largestScale(sizes)).toBe(16);
});

describe('zoomAt', () => {
  test('keeps the point under the pointer', () => {
    const zoom = zoomAt(fitted, sizes, 4, 200, 100);
    expect(zoom.scale).toBe(4);
    expect((200 - zoom.x) / 4).toBeCloseTo(200);
    expect((100 - zoom.y) / 4).toBeCloseTo(100);
  });

  test('never gets smaller than fitted', () => {
    expect(zoomAt(zoomAt(fitted, sizes, 3, 50, 50), sizes, 0.01, 0, 0)).toMatchObject({ scale: 1 });
  });

  test('back at fitted the picture is in the middle', () => {
    const back = zoomAt(zoomAt(fitted, sizes, 4, 400, 300), sizes, 0.25, -400, 0);
    expect(Math.abs(back.x)).toBe(0);
    expect(Math.abs(back.y)).toBe(0);
  });
});

test('panning stops at the edges', () => {
  const zoom = panBy({ scale: 2, x: 0, y: 0 }, sizes, 10_000, -10_000);
  expect(zoom.x).toBe(500);
  expect(zoom.y).toBe(-350);
});

test('a fitted picture does not pan', () => {
  const zoom = keepInside({ scale: 1, x: 50, y: 50 }, sizes);
  expect(Math.abs(zoom.x) + Math.abs(zoom.y)).toBe(0);
});
