import type { Coverage } from '../api/types';
import { formatCount, timeLeft } from '../progress/figures';

/** "Similarity covers 61 % of 5,000; 4 min left.": what an answer is based on. */
export function coverageSentence({ covered, total, eta_seconds }: Coverage): string {
  if (total === 0) return 'There is nothing to compare with yet.';
  if (covered >= total) return `Similarity covers all ${formatCount(total)} assets.`;
  const left = timeLeft(eta_seconds);
  return `Similarity covers ${Math.floor((100 * covered) / total)} % of ${formatCount(total)} assets${left === '' ? '' : `; ${left}`}.`;
}
