import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiProblem } from '../api/problem';
import { Refreshing } from './refreshing';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function make(load: () => Promise<void>, isLookedAt = () => true) {
  const problems: (ApiProblem | null)[] = [];
  return { refreshing: new Refreshing(load, (problem) => problems.push(problem), 1000, isLookedAt), problems };
}

test('loads at once and after each pause, until it is closed', async () => {
  const load = vi.fn(() => Promise.resolve());
  const { refreshing } = make(load);
  await refreshing.now();
  await vi.advanceTimersByTimeAsync(2000);
  expect(load).toHaveBeenCalledTimes(3);
  refreshing.close();
  await vi.advanceTimersByTimeAsync(5000);
  expect(load).toHaveBeenCalledTimes(3);
});

test('tells of a problem, tries again by itself, and tells that it is over', async () => {
  const gone = new ApiProblem(0, 'Gone', '');
  const load = vi.fn(() => Promise.resolve()).mockRejectedValueOnce(gone);
  const { refreshing, problems } = make(load);
  await refreshing.now();
  expect(problems).toEqual([gone]);
  await vi.advanceTimersByTimeAsync(600);
  expect(problems).toEqual([gone, null]);
});

test('loads nothing while nobody looks, and goes on then', async () => {
  const load = vi.fn(() => Promise.resolve());
  let looks = false;
  const { refreshing } = make(load, () => looks);
  await refreshing.now();
  await vi.advanceTimersByTimeAsync(3000);
  expect(load).not.toHaveBeenCalled();
  looks = true;
  await refreshing.now();
  expect(load).toHaveBeenCalledTimes(1);
});

test('a load in flight when it is closed starts no other', async () => {
  let answer: () => void = () => undefined;
  const load = vi.fn(() => new Promise<void>((resolve) => (answer = resolve)));
  const { refreshing } = make(load);
  const loading = refreshing.now();
  refreshing.close();
  answer();
  await loading;
  await vi.advanceTimersByTimeAsync(5000);
  expect(load).toHaveBeenCalledTimes(1);
});

test('goes on after what nobody foresaw, and says so loudly', async () => {
  const load = vi.fn(() => Promise.resolve()).mockRejectedValueOnce(new TypeError('a mistake'));
  const { refreshing, problems } = make(load);
  await expect(refreshing.now()).rejects.toThrow('a mistake');
  await vi.advanceTimersByTimeAsync(600);
  expect(load).toHaveBeenCalledTimes(2);
  expect(problems).toEqual([null]);
});
