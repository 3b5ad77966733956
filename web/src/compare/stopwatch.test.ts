import { expect, test } from 'vitest';
import { isRunning, reading, started, unused, withAll, withFirst } from './stopwatch';

test('a stopwatch that was not started shows nothing and takes no marks', () => {
  expect(reading(unused, unused.first, 5000)).toBe('–');
  expect(withFirst(unused, 5000)).toBe(unused);
  expect(withAll(unused, 5000)).toBe(unused);
  expect(isRunning(unused)).toBe(false);
});

test('marks are kept as they were set first', () => {
  const running = started(1000);
  expect(isRunning(running)).toBe(true);
  expect(reading(running, running.first, 1840)).toBe('0.8 s');
  const seen = withFirst(withFirst(running, 1500), 9000);
  expect(reading(seen, seen.first, 9000)).toBe('0.5 s');
  expect(reading(seen, seen.all, 9000)).toBe('8.0 s');
  const done = withAll(withAll(seen, 13_000), 20_000);
  expect(isRunning(done)).toBe(false);
  expect(reading(done, done.all, 60_000)).toBe('12.0 s');
});

test('where all is done and nothing can be seen, there is no first picture', () => {
  const done = withAll(started(1000), 4000);
  expect(reading(done, done.first, 60_000)).toBe('–');
  expect(reading(done, done.all, 60_000)).toBe('3.0 s');
});
