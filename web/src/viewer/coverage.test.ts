import { expect, test } from 'vitest';
import { coverageSentence } from './coverage';

test.each([
  [{ covered: 61, total: 100, eta_seconds: 240 }, 'Similarity covers 61 % of 100 assets; 4 min left.'],
  [{ covered: 999, total: 1000, eta_seconds: null }, 'Similarity covers 99 % of 1,000 assets.'],
  [{ covered: 1000, total: 1000, eta_seconds: null }, 'Similarity covers all 1,000 assets.'],
  [{ covered: 0, total: 0, eta_seconds: null }, 'There is nothing to compare with yet.'],
])('%o', (coverage, sentence) => expect(coverageSentence(coverage)).toBe(sentence));
