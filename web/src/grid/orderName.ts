import type { AssetQuery } from '../api/client';

/** The server's name for the order that a grid shows; null for the order of arrival, which only grows and has events of its own. */
export function orderName(libraryId: string, { sort, q, seed }: AssetQuery): string | null {
  const query = q.trim();
  if (sort === 'added' && query === '') return null;
  const order = sort === 'random' ? `random ${seed ?? 0}` : sort;
  return `browse ${libraryId} ${order} ${query}`.trimEnd();
}
