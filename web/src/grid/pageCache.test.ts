import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Asset, AssetPage } from '../api/types';
import { PageCache, pageSize } from './pageCache';

function asset(id: number, status: Asset['status'] = 'pending'): Asset {
  return {
    id, name: `${id}.jpg`, path: `${id}.jpg`, kind: 'image', status, size: 1, modified_at: '2026-01-01T00:00:00Z',
    width: null, height: null, colour: null, captured_at: null, thumbnail_url: null, failure: null, animated: false, warning: null,
  };
}

interface Call {
  offset: number;
  signal: AbortSignal;
  answer: (total?: number) => Promise<void>;
  fail: (error: Error) => Promise<void>;
}

function start(total = 100_000, capacity = 4, status: Asset['status'] = 'ready') {
  const calls: Call[] = [];
  const problems: unknown[] = [];
  const totals: number[] = [];
  let changes = 0;
  const cache = new PageCache({
    fetch: (offset, limit, signal) =>
      new Promise<AssetPage>((resolve, reject) => {
        calls.push({
          offset,
          signal,
          answer: async (now = total) => {
            const length = Math.max(0, Math.min(limit, now - offset));
            const items = Array.from({ length }, (_, at) => asset(offset + at + 1, status));
            resolve({ total: now, offset, items, coverage: { covered: now, total: now, eta_seconds: null } });
            await vi.advanceTimersByTimeAsync(0);
          },
          fail: async (error) => {
            reject(error);
            await vi.advanceTimersByTimeAsync(0);
          },
        });
      }),
    onChange: () => changes++,
    onTotal: (value) => totals.push(value),
    onProblem: (problem) => problems.push(problem),
    capacity,
    now: () => Date.now(),
  });
  return { cache, calls, problems, totals, changes: () => changes };
}

describe('PageCache', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('fetches aligned pages and answers from them', async () => {
    const { cache, calls } = start();
    cache.want(190, 230);
    expect(calls.map((call) => call.offset)).toEqual([0, 200]);
    await calls[1]!.answer();
    expect(cache.at(205)?.id).toBe(206);
    expect(cache.at(5)).toBeUndefined();
    expect(cache.indexOf(206)).toBe(205);
  });

  test('a jump cancels what is no longer wanted', () => {
    const { cache, calls } = start();
    cache.want(0, 50);
    cache.want(50_000, 50_050);
    expect(calls[0]!.signal.aborted).toBe(true);
    vi.advanceTimersByTime(80);
    expect(calls.map((call) => call.offset)).toEqual([0, 50_000]);
  });

  test('a dragged scrollbar asks at its pace and for the last place', () => {
    const { cache, calls } = start();
    for (let at = 0; at < 60; at++) {
      cache.want(at * 1000, at * 1000 + 50);
      vi.advanceTimersByTime(16);
    }
    vi.advanceTimersByTime(200);
    expect(calls.length).toBeLessThan(16);
    expect(calls.at(-1)!.offset).toBe(59_000);
    expect(calls.filter((call) => !call.signal.aborted).length).toBe(1);
  });

  test('a page at hand is not fetched again', async () => {
    const { cache, calls } = start();
    cache.want(0, 50);
    await calls[0]!.answer();
    cache.want(20, 70);
    vi.advanceTimersByTime(500);
    expect(calls.length).toBe(1);
  });

  test('keeps the most recently wanted pages', async () => {
    const { cache, calls } = start(100_000, 2);
    for (const page of [0, 1, 2]) {
      cache.want(page * pageSize, page * pageSize + 10);
      vi.advanceTimersByTime(100);
      await calls[page]!.answer();
    }
    expect(cache.at(0)).toBeUndefined();
    expect(cache.indexOf(1)).toBe(-1);
    expect(cache.at(400)?.id).toBe(401);
  });

  test('patch changes known assets in place and ignores the rest', async () => {
    const { cache, calls, changes } = start();
    cache.want(0, 50);
    await calls[0]!.answer();
    const before = changes();
    cache.patch([asset(7, 'indexed'), asset(99_999, 'ready')]);
    expect(cache.at(6)?.status).toBe('indexed');
    expect(changes()).toBe(before + 1);
    cache.patch([asset(99_999, 'ready')]);
    expect(changes()).toBe(before + 1);
  });

  test('a growing library fetches its short page again and keeps showing it', async () => {
    const { cache, calls } = start(30);
    cache.want(0, 50);
    await calls[0]!.answer(30);
    cache.resize(120);
    expect(cache.at(10)?.id).toBe(11);
    vi.advanceTimersByTime(100);
    await calls[1]!.answer(120);
    expect(cache.at(100)?.id).toBe(101);
    cache.resize(90_000);
    vi.advanceTimersByTime(100);
    await calls[2]!.answer(90_000);
    cache.resize(99_000);
    vi.advanceTimersByTime(500);
    expect(calls.length).toBe(3);
  });

  test('reload keeps the screen until the answer is there', async () => {
    const { cache, calls } = start();
    cache.want(0, 50);
    await calls[0]!.answer();
    cache.reload();
    expect(cache.at(3)?.id).toBe(4);
    vi.advanceTimersByTime(80);
    expect(calls.length).toBe(2);
    await calls[1]!.answer(2);
    expect(cache.at(3)).toBeUndefined();
  });

  test('a reload during a fetch happens after it, however many there are', async () => {
    const { cache, calls } = start();
    cache.want(0, 50);
    for (let i = 0; i < 5; i++) cache.reload();
    expect(calls[0]!.signal.aborted).toBe(false);
    vi.advanceTimersByTime(80);
    await calls[0]!.answer();
    expect(cache.at(0)?.id).toBe(1);
    expect(calls.length).toBe(2);
    await calls[1]!.answer();
    vi.advanceTimersByTime(500);
    expect(calls.length).toBe(2);
  });

  test('unfinished assets that come into view later are asked for again, and stay on screen meanwhile', async () => {
    const { cache, calls } = start(1000, 4, 'pending');
    cache.want(0, 50);
    await calls[0]!.answer();
    cache.want(10, 60);
    vi.advanceTimersByTime(1100);
    expect(calls.length).toBe(1);
    cache.want(20, 70);
    expect(calls.length).toBe(2);
    expect(cache.at(25)?.id).toBe(26);
  });

  test('an answer does not undo what an event said while it was on its way', async () => {
    const { cache, calls } = start(1000, 4, 'pending');
    cache.want(0, 50);
    cache.patch([asset(7, 'indexed')]);
    await calls[0]!.answer();
    expect(cache.at(6)?.status).toBe('indexed');
    expect(cache.at(7)?.status).toBe('pending');
  });

  test('a failed page is told and asked for again on the next wish', async () => {
    const { cache, calls, problems } = start();
    cache.want(0, 50);
    await calls[0]!.fail(new Error('gone'));
    expect(problems).toEqual([new Error('gone')]);
    vi.advanceTimersByTime(100);
    cache.want(0, 50);
    await calls[1]!.answer();
    expect(problems).toEqual([new Error('gone'), null]);
  });

  test('closed, it asks for nothing more', () => {
    const { cache, calls } = start();
    cache.want(0, 50);
    cache.close();
    cache.want(5000, 5050);
    vi.advanceTimersByTime(500);
    expect(calls.length).toBe(1);
    expect(calls[0]!.signal.aborted).toBe(true);
  });
});
