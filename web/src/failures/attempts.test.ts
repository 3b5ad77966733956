import { expect, test } from 'vitest';
import { attemptsSentence } from './attempts';

test.each([
  ['metadata', 1, 'Reading it was tried once.'],
  ['metadata', 2, 'Reading it was tried twice.'],
  ['embedding', 3, 'It was read; preparing it for comparison was tried 3 times.'],
] as const)('%s, %i', (stage, attempts, text) => expect(attemptsSentence({ stage, attempts })).toBe(text));
