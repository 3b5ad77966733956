import { expect, test } from 'vitest';
import type { FailurePage, FailureReason } from '../api/types';
import { mergeGroups, withPages } from './failureGroups';

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

test('what was closed while its page was read stays closed, what was opened keeps what it shows', () => {
  const item = { asset_id: 1 } as FailurePage['items'][number];
  const groups = mergeGroups([], [reason('damaged', 90), reason('empty', 1), reason('gone', 2)]).map((group) => ({ ...group, isOpen: group.class !== 'damaged' }));
  const shown = withPages(groups, new Map([['damaged', { total: 3, items: [item] }], ['empty', { total: 2, items: [item] }]]));
  expect(shown.map((group) => [group.class, group.isOpen, group.count, group.items.length])).toEqual([['damaged', false, 90, 0], ['empty', true, 2, 1], ['gone', true, 2, 0]]);
});
