import { expect, test } from 'vitest';
import type { Job } from '../api/types';
import { mergeJobs, secondsOf, sortJobs, stateOf, titleOf, wordsOf } from './jobs';

const job = (name: string, change: Partial<Job> = {}): Job => ({
  name,
  run_id: 1,
  status: 'completed',
  message: null,
  note: null,
  fraction: null,
  result: null,
  error: null,
  stack: null,
  paused: false,
  can_pause: true,
  started_at: '2026-01-01T12:00:00Z',
  cancel_asked_at: null,
  finished_at: '2026-01-01T12:00:05Z',
  ...change,
});

test('what runs stands first, then the newest', () => {
  const order = sortJobs([job('old'), job('new', { started_at: '2026-01-02T00:00:00Z' }), job('running', { status: 'running' }), job('queued', { status: 'queued' })]);
  expect(order.map((one) => one.name)).toEqual(['queued', 'running', 'new', 'old']);
});

test('news replace what was known of the same job and add new ones', () => {
  const merged = mergeJobs([job('scan:1', { message: 'half' }), job('scan:2')], [job('scan:1', { message: 'all' }), job('scan:3')]);
  expect(merged.map((one) => [one.name, one.message])).toEqual([['scan:1', 'all'], ['scan:2', null], ['scan:3', null]]);
});

test('late news of an earlier run change nothing; a run without its number yet is the newest', () => {
  expect(mergeJobs([job('scan:1', { run_id: 7, message: 'new' })], [job('scan:1', { run_id: 6, message: 'old' })])[0]?.message).toBe('new');
  expect(mergeJobs([job('scan:1', { run_id: 7 })], [job('scan:1', { run_id: 0, message: 'begins' })])[0]?.message).toBe('begins');
});

test('names are told in words where the library is known', () => {
  const libraries = new Map([['1', 'Photos']]);
  expect(titleOf('scan:1', libraries)).toBe('Scan: Photos');
  expect(titleOf('scan:2', libraries)).toBe('Scan (scan:2)');
  expect(titleOf('sweep-forgotten', libraries)).toBe('Clearing up after forgotten libraries');
  expect(titleOf('find-duplicates:1', libraries)).toBe('find-duplicates:1');
});

test.each([
  [job('a', { status: 'running' }), 'running'],
  [job('a', { status: 'running', paused: true }), 'paused'],
  [job('a', { status: 'running', cancel_asked_at: '2026-01-01T12:00:01Z' }), 'cancelling'],
  [job('a', { status: 'queued' }), 'goes on at the next start'],
  [job('a', { status: 'failed' }), 'failed'],
])('the state of %o is %s', (one, state) => expect(stateOf(one)).toBe(state));

test('an error goes before a result, and that before the last message', () => {
  expect(wordsOf(job('a', { message: 'half' }))).toBe('half');
  expect(wordsOf(job('a', { message: 'half', result: 'done' }))).toBe('done');
  expect(wordsOf(job('a', { message: 'half', result: 'done', error: 'gone' }))).toBe('gone');
  expect(wordsOf(job('a'))).toBe('');
});

test('time runs until the end', () => {
  expect(secondsOf(job('a'), 0)).toBe(5);
  expect(secondsOf(job('a', { finished_at: null }), Date.parse('2026-01-01T12:00:30Z'))).toBe(30);
});
