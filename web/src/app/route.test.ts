import { expect, test } from 'vitest';
import { assetHref, libraryHref, parseRoute, shuffled, sorted } from './route';

const parse = (path: string) => parseRoute(new URL(path, 'http://localhost'));

test('the start is the list of libraries', () => expect(parse('/')).toEqual({ page: 'libraries' }));

test('the jobs', () => expect(parse('/jobs')).toEqual({ page: 'jobs' }));

test('the two stopwatches', () => expect(parse('/compare')).toEqual({ page: 'compare' }));

test('a library in its default order', () => {
  expect(parse('/libraries/7')).toEqual({ page: 'library', libraryId: '7', query: { sort: 'added', order: 'asc', q: '' }, assetId: null, at: null });
});

test('addresses survive the way there and back', () => {
  const query = { sort: 'size', order: 'desc', q: 'red & blue/green' } as const;
  expect(parse(libraryHref('a b/c', query))).toEqual({ page: 'library', libraryId: 'a b/c', query, assetId: null, at: null });
  expect(parse(assetHref('7', 17, query, 99_999))).toEqual({ page: 'library', libraryId: '7', query, assetId: 17, at: 99_999 });
});

test('defaults are not spelled out', () => expect(libraryHref('7', { sort: 'added', order: 'asc', q: '' })).toBe('/libraries/7'));

test('a random order keeps its seed, and loses it with another order', () => {
  const query = parse('/libraries/7?sort=random&seed=42');
  expect(query).toMatchObject({ query: { sort: 'random', seed: 42 } });
  expect(libraryHref('7', { sort: 'random', order: 'asc', q: '', seed: 42 })).toBe('/libraries/7?sort=random&seed=42');
  const again = shuffled({ sort: 'name', order: 'desc', q: 'beach' });
  expect(again).toMatchObject({ sort: 'random', order: 'asc', q: 'beach' });
  expect(sorted(again, 'name')).toEqual({ sort: 'name', order: 'asc', q: 'beach' });
});

test('the figures have a page', () => expect(parse('/stats')).toEqual({ page: 'stats' }));

test('an unknown sort falls back', () => expect(parse('/libraries/7?sort=taste&order=up')).toMatchObject({ query: { sort: 'added', order: 'asc' } }));

test.each(['/elsewhere', '/jobs/scan', '/compare/1', '/libraries', '/libraries/7/assets', '/libraries/7/assets/x', '/libraries/7/assets/1/more', '/libraries/%E0%A4'])('%s is unknown', (path) => {
  expect(parse(path)).toEqual({ page: 'unknown' });
});
