import { formatCount } from '../progress/figures';
import type { Failure } from '../api/types';

/** "Reading it was tried twice.": how far a file came, and how often that was tried. */
export function attemptsSentence({ stage, attempts }: Pick<Failure, 'stage' | 'attempts'>): string {
  const times = attempts === 1 ? 'once' : attempts === 2 ? 'twice' : `${formatCount(attempts)} times`;
  return stage === 'metadata' ? `Reading it was tried ${times}.` : `It was read; preparing it for comparison was tried ${times}.`;
}
