import type { CacheFigures } from '../api/types';

/** "99.9 %" of reads that were answered at once; nothing where nobody read. */
export function hitShare({ hits, misses }: Pick<CacheFigures, 'hits' | 'misses'>): string {
  const reads = hits + misses;
  // Cut, not rounded: 100 % is said only of a cache that never missed.
  return reads === 0 ? '' : `${(Math.floor((hits / reads) * 1000) / 10).toFixed(1)} %`;
}

/** "2.4 ms", "1.20 s"; nothing before the first rebuild. */
export function rebuildTime({ last_rebuild_at, last_rebuild_seconds }: Pick<CacheFigures, 'last_rebuild_at' | 'last_rebuild_seconds'>): string {
  if (last_rebuild_at === null) return '';
  return last_rebuild_seconds < 1 ? `${(last_rebuild_seconds * 1000).toFixed(1)} ms` : `${last_rebuild_seconds.toFixed(2)} s`;
}
