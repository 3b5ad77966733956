import { describe, expect, it } from 'vitest';
import { stagesOf } from './machines';

describe('stagesOf', () => {
  it('names the stages, and says when there is none', () => {
    expect(stagesOf({ stages: ['metadata', 'embedding'] })).toBe('metadata, embedding');
    expect(stagesOf({ stages: [] })).toBe('only serves');
  });
});
