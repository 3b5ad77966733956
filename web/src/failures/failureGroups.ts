import type { Failure, FailurePage, FailureReason } from '../api/types';

/** A class of reasons with those of its failures that were read. */
export interface FailureGroup extends FailureReason {
  isOpen: boolean;
  items: Failure[];
}

/** So few are shown without a click. */
const shownAtOnce = 20;

/** The classes as they are now; which were open, or closed, stays so. */
export function mergeGroups(before: FailureGroup[], reasons: FailureReason[]): FailureGroup[] {
  const known = new Map(before.map((group) => [group.class, group]));
  const total = reasons.reduce((sum, reason) => sum + reason.count, 0);
  const opens = reasons.length === 1 || total <= shownAtOnce;
  return reasons.map((reason) => {
    const group = known.get(reason.class);
    return { ...reason, isOpen: group?.isOpen ?? opens, items: group?.items ?? [] };
  });
}

/** The classes with the pages that were read of them, by class. One that was opened or closed since they were asked for stays as it is. */
export function withPages(groups: FailureGroup[], pages: ReadonlyMap<string, Pick<FailurePage, 'total' | 'items'>>): FailureGroup[] {
  return groups.map((group) => {
    const page = pages.get(group.class);
    return page && group.isOpen ? { ...group, count: page.total, items: page.items } : group;
  });
}
