import { expect, test } from 'vitest';
import { mergeGroups } from './failureGroups';

const reason = (text: string, count: number) => ({ reason: text, count, example: text });

test('few failures, or one reason, are open at once', () => {
  expect(mergeGroups([], [reason('a', 2), reason('b', 3)]).map((group) => group.isOpen)).toEqual([true, true]);
  expect(mergeGroups([], [reason('a', 90_000)]).map((group) => group.isOpen)).toEqual([true]);
  expect(mergeGroups([], [reason('a', 90), reason('b', 1)]).map((group) => group.isOpen)).toEqual([false, false]);
});

test('what a person opened or closed stays so, and keeps what was read', () => {
  const [a, b] = mergeGroups([], [reason('a', 90), reason('b', 1)]);
  if (!a || !b) throw new Error('two groups');
  const item = { asset_id: 1, library_id: '1', path: 'a.jpg', stage: 'metadata' as const, reason: 'a', reason_group: 'a', attempts: 1, failed_at: '' };
  const merged = mergeGroups([{ ...a, isOpen: true, items: [item] }, b], [reason('b', 2), reason('a', 70), reason('c', 1)]);
  expect(merged.map((group) => [group.reason, group.count, group.isOpen, group.items.length])).toEqual([['b', 2, false, 0], ['a', 70, true, 1], ['c', 1, false, 0]]);
});
