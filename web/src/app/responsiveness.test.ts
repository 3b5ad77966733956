import { afterEach, expect, test, vi } from 'vitest';
import { afterPaint, paceOf, untested, watchFrames, withClick, withFrame, withPaint } from './responsiveness';

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each([
  [0, 'fast'],
  [100, 'fast'],
  [100.1, 'slow'],
  [250, 'slow'],
  [250.1, 'stuck'],
])('%d ms is %s', (ms, pace) => expect(paceOf(ms)).toBe(pace));

test('keeps the last twelve delays, and the slowest of all', () => {
  let seen = withPaint(withClick(untested), 300);
  for (let click = 1; click <= 13; click++) seen = withPaint(withClick(seen), click);
  expect(seen.clicks).toBe(14);
  expect(seen.delays).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  expect(seen.slowest).toBe(300);
});

test('only a longer frame changes anything', () => {
  const seen = withFrame(untested, 40);
  expect(seen.longestFrame).toBe(40);
  expect(withFrame(seen, 16)).toBe(seen);
});

test('frames are measured while the page is looked at, until the watch is stopped', () => {
  const waiting: ((now: number) => void)[] = [];
  const frames: number[] = [];
  const document = new EventTarget();
  const heard = vi.spyOn(document, 'removeEventListener');
  vi.stubGlobal('document', document);
  const change = () => document.dispatchEvent(new Event('visibilitychange'));
  const stop = watchFrames((ms) => frames.push(ms), (callback) => waiting.push(callback));
  const frame = (now: number) => waiting.shift()?.(now);
  frame(1000);
  frame(1016);
  frame(1032);
  change(); // hidden: there is no frame until it is shown again
  change();
  frame(90_000);
  frame(90_120);
  stop();
  frame(95_000);
  expect(frames).toEqual([16, 16, 120]);
  expect(waiting).toEqual([]);
  expect(heard).toHaveBeenCalledTimes(1);
});

test('what is painted on a hidden page is not waited for: no frame comes', () => {
  const painted = vi.fn();
  const frames = vi.fn();
  vi.stubGlobal('requestAnimationFrame', frames);
  vi.stubGlobal('document', { hidden: true });
  afterPaint(painted);
  expect(painted).toHaveBeenCalledTimes(1);
  vi.stubGlobal('document', { hidden: false });
  afterPaint(painted);
  expect(painted).toHaveBeenCalledTimes(1);
  expect(frames).toHaveBeenCalledTimes(1);
});
