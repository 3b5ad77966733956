import { expect, test } from 'vitest';
import type { AssetQuery } from '../api/client';
import { orderName } from './orderName';

test.each<[AssetQuery, string | null]>([
  [{ sort: 'added', order: 'asc', q: '' }, null],
  [{ sort: 'added', order: 'desc', q: 'beach' }, 'browse 7 added beach'],
  [{ sort: 'captured', order: 'desc', q: ' ' }, 'browse 7 captured'],
  [{ sort: 'random', order: 'asc', q: 'a b', seed: 42 }, 'browse 7 random 42 a b'],
])('%o is %s', (query, name) => expect(orderName('7', query)).toBe(name));
