import type { Coverage } from '../api/types';
import { formatCount, timeLeft } from '../progress/figures';

/** "Compared with 61 % of 5,000; 4 min left.": what an answer is based on. */
export function coverageSentence({ covered, total, eta_seconds }: Coverage): string {
  if (total === 0) return 'There is nothing to compare with yet.';
  if (covered >= total) return `Compared with all ${formatCount(total)}.`;
  const left = timeLeft(eta_seconds);
  return `Compared with ${Math.floor((100 * covered) / total)} % of ${formatCount(total)}${left === '' ? '' : `; ${left}`}.`;
}
