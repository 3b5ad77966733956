import { LruMap } from '../app/lruMap';
import type { SimilarAssets } from '../api/types';

/** Answers already paid for in this visit: going back to a picture shows them again and computes nothing. */
export const keptSimilar = new LruMap<number, SimilarAssets>(50);
