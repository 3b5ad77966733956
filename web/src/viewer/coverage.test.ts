import { expect, test } from 'vitest';
import { coverageSentence } from './coverage';

test.each([
  [{ covered: 61, total: 100, eta_seconds: 240 }, 'Compared with 61 % of 100; 4 min left.'],
  [{ covered: 999, total: 1000, eta_seconds: null }, 'Compared with 99 % of 1,000.'],
  [{ covered: 1000, total: 1000, eta_seconds: null }, 'Compared with all 1,000.'],
  [{ covered: 0, total: 0, eta_seconds: null }, 'There is nothing to compare with yet.'],
])('%o', (coverage, sentence) => expect(coverageSentence(coverage)).toBe(sentence));
