import { expect, test } from 'vitest';
import { hitShare, rebuildTime } from './hits';

test.each([
  [0, 0, ''],
  [9_999, 1, '99.9 %'],
  [5, 0, '100.0 %'],
  [0, 3, '0.0 %'],
])('%i hits and %i misses are %o', (hits, misses, share) => expect(hitShare({ hits, misses })).toBe(share));

test.each([
  [null, 0, ''],
  ['2026-01-01T00:00:00Z', 0.0024, '2.4 ms'],
  ['2026-01-01T00:00:00Z', 1.2, '1.20 s'],
])('a rebuild at %s of %f s took %o', (last_rebuild_at, last_rebuild_seconds, text) => expect(rebuildTime({ last_rebuild_at, last_rebuild_seconds })).toBe(text));
