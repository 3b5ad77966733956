import { describe, expect, test } from 'vitest';
import type { Progress } from '../api/types';
import { formatDuration, formatRate, headline, percentDone, segments, timeLeft } from './figures';

function progress(changes: Partial<Progress> = {}): Progress {
  return {
    library_id: '1', task_group_id: '2', phase: 'metadata', status: 'in_progress', scanning: false, total: 1000, pending: 100, indexed: 500,
    embedding: 300, ready: 95, failed: 5, rate_per_second: 183.2, eta_seconds: 240, version: 17, updated_at: '2026-01-01T12:00:00Z', ...changes,
  };
}

describe('segments', () => {
  test('shares add up to one and follow the counts', () => {
    const parts = segments(progress());
    expect(parts.reduce((sum, part) => sum + part.share, 0)).toBeCloseTo(1);
    expect(parts.map((part) => part.status)).toEqual(['ready', 'embedding', 'indexed', 'failed', 'pending']);
    expect(parts[2]!.share).toBeCloseTo(0.5, 2);
    expect(parts[2]!.start).toBeCloseTo(parts[0]!.share + parts[1]!.share);
  });

  test('one failure among a million can still be seen', () => {
    const parts = segments(progress({ total: 1_000_000, pending: 0, indexed: 0, embedding: 0, ready: 999_999, failed: 1 }));
    expect(parts.find((part) => part.status === 'failed')!.share).toBeGreaterThan(0.003);
  });

  test('nothing has no shares', () => {
    const parts = segments(progress({ total: 0, pending: 0, indexed: 0, embedding: 0, ready: 0, failed: 0 }));
    expect(parts.every((part) => part.share === 0)).toBe(true);
  });
});

describe('timeLeft', () => {
  test.each([
    [null, ''],
    [0.2, 'a moment left'],
    [4.9, '5 s left'],
    [59.2, '60 s left'],
    [240, '4 min left'],
    [3600, '1 h left'],
    [7500, '2 h 5 min left'],
    [90_000, '1 day 1 h left'],
  ])('%s seconds', (seconds, text) => expect(timeLeft(seconds)).toBe(text));
});

test('formatDuration of whole days', () => expect(formatDuration(2 * 86_400)).toBe('2 days'));

test.each([
  [0, ''],
  [0.25, '15/min'],
  [183.2, '183/s'],
  [12_345, '12,345/s'],
])('formatRate of %s', (rate, text) => expect(formatRate(rate)).toBe(text));

test.each([
  // What failed is done, but not ready.
  [progress(), '95 of 1,000 ready'],
  [progress({ scanning: true, phase: 'scanning' }), 'Scanning, 1,000 found'],
  [progress({ status: 'paused' }), 'Paused, 900 to go'],
  [progress({ status: 'cancelled' }), 'Cancelled, 900 not done'],
  [progress({ status: 'complete', ready: 995 }), '995 ready'],
  [progress({ status: 'complete', ready: 1000, failed: 0 }), 'All 1,000 ready'],
  [progress({ status: 'complete', total: 0 }), 'Empty'],
])('headline %#', (snapshot, text) => expect(headline(snapshot)).toBe(text));

test('percentDone is 100 only at the end', () => {
  expect(percentDone(progress({ ready: 995, failed: 5 }))).toBe(99);
  expect(percentDone(progress({ status: 'complete', total: 0 }))).toBe(100);
});
