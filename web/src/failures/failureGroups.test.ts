import { expect, test } from 'vitest';
import type { FailureReason } from '../api/types';
import { mergeGroups } from './failureGroups';

const reason = (name: FailureReason['class'], count: number): FailureReason => ({ class: name, reason: `It is ${name}.`, count, example: null });

test('few failures, or one reason, are open at once', () => {
  expect(mergeGroups([], [reason('damaged', 2), reason('empty', 3)]).map((group) => group.isOpen)).toEqual([true, true]);
  expect(mergeGroups([], [reason('damaged', 90_000)]).map((group) => group.isOpen)).toEqual([true]);
  expect(mergeGroups([], [reason('damaged', 90), reason('empty', 1)]).map((group) => group.isOpen)).toEqual([false, false]);
});

test('what a person opened or closed stays so, and keeps what was read', () => {
  const [a, b] = mergeGroups([], [reason('damaged', 90), reason('empty', 1)]);
  if (!a || !b) throw new Error('two groups');
  const item = { asset_id: 1, library_id: '1', path: 'a.jpg', stage: 'metadata' as const, class: 'damaged' as const, reason: 'It is damaged.', details: null, attempts: 1, failed_at: '' };
  const merged = mergeGroups([{ ...a, isOpen: true, items: [item] }, b], [reason('empty', 2), reason('damaged', 70), reason('gone', 1)]);
  expect(merged.map((group) => [group.class, group.count, group.isOpen, group.items.length])).toEqual([['empty', 2, false, 0], ['damaged', 70, true, 1], ['gone', 1, false, 0]]);
});
