export const sorts = ['added', 'path', 'name', 'size', 'modified', 'captured', 'width', 'status', 'random'] as const;

export type Sort = (typeof sorts)[number];
export type Order = 'asc' | 'desc';

export interface GridQuery {
  sort: Sort;
  order: Order;
  q: string;
  /** Of the random order: the same seed is the same order. */
  seed?: number;
}

export type Route =
  | { page: 'libraries' }
  | { page: 'stats' }
  | { page: 'jobs' }
  | { page: 'compare' }
  | { page: 'library'; libraryId: string; query: GridQuery; assetId: number | null; at: number | null }
  | { page: 'unknown' };

/** Reads an address; what it does not know of the query it ignores. */
export function parseRoute(url: URL): Route {
  const parts = url.pathname.split('/').filter((part) => part !== '');
  if (parts.length === 0) return { page: 'libraries' };
  if (parts.length === 1 && parts[0] === 'stats') return { page: 'stats' };
  const [root, id, assets, asset] = parts;
  if (root === 'jobs' && id === undefined) return { page: 'jobs' };
  if (root === 'compare' && id === undefined) return { page: 'compare' };
  if (root !== 'libraries' || id === undefined) return { page: 'unknown' };
  const libraryId = tryDecode(id);
  if (libraryId === null) return { page: 'unknown' };
  const query = parseQuery(url.searchParams);
  if (parts.length === 2) return { page: 'library', libraryId, query, assetId: null, at: null };
  if (parts.length !== 4 || assets !== 'assets' || asset === undefined || !/^\d+$/.test(asset)) return { page: 'unknown' };
  const at = url.searchParams.get('at');
  return { page: 'library', libraryId, query, assetId: Number(asset), at: at !== null && /^\d+$/.test(at) ? Number(at) : null };
}

export function libraryHref(libraryId: string, query?: GridQuery): string {
  return `/libraries/${encodeURIComponent(libraryId)}${search(query, null)}`;
}

/** `at` is where the asset stands in the order of the grid, so that its neighbours are known after a reload too. */
export function assetHref(libraryId: string, assetId: number, query: GridQuery, at: number | null): string {
  return `/libraries/${encodeURIComponent(libraryId)}/assets/${assetId}${search(query, at)}`;
}

/** A random order that was not seen before. */
export function shuffled(query: GridQuery): GridQuery {
  return { ...query, sort: 'random', order: 'asc', seed: Math.floor(Math.random() * 1_000_000_000) };
}

/** The same in another order than a random one. */
export function sorted(query: GridQuery, sort: Exclude<Sort, 'random'>): GridQuery {
  return { sort, order: query.order, q: query.q };
}

function parseQuery(parameters: URLSearchParams): GridQuery {
  const sort = parameters.get('sort');
  const seed = parameters.get('seed');
  return {
    sort: sorts.find((known) => known === sort) ?? 'added',
    order: parameters.get('order') === 'desc' ? 'desc' : 'asc',
    q: parameters.get('q') ?? '',
    ...(sort === 'random' ? { seed: seed !== null && /^\d{1,9}$/.test(seed) ? Number(seed) : 0 } : {}),
  };
}

function search(query: GridQuery | undefined, at: number | null): string {
  const parameters = new URLSearchParams();
  if (query && query.sort !== 'added') parameters.set('sort', query.sort);
  if (query && query.order !== 'asc') parameters.set('order', query.order);
  if (query?.seed !== undefined) parameters.set('seed', String(query.seed));
  if (query && query.q !== '') parameters.set('q', query.q);
  if (at !== null) parameters.set('at', String(at));
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

function tryDecode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
