import { describe, expect, test } from 'vitest';
import { Backoff } from './backoff';

describe('Backoff', () => {
  test('doubles up to its largest', () => {
    const backoff = new Backoff(500, 4000, () => 1);
    expect([1, 2, 3, 4, 5].map(() => backoff.next())).toEqual([500, 1000, 2000, 4000, 4000]);
  });

  test('jitter keeps at least half', () => {
    const backoff = new Backoff(500, 4000, () => 0);
    expect([backoff.next(), backoff.next()]).toEqual([250, 500]);
  });

  test('reset starts over', () => {
    const backoff = new Backoff(500, 4000, () => 1);
    backoff.next();
    backoff.next();
    backoff.reset();
    expect(backoff.next()).toBe(500);
  });

  test('stays finite after a very long outage', () => {
    const backoff = new Backoff(500, 4000, () => 1);
    for (let i = 0; i < 5000; i++) backoff.next();
    expect(backoff.next()).toBe(4000);
  });
});
