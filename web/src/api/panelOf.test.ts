import { expect, test } from 'vitest';
import { panelOf } from './panelOf';

test.each([
  ['/api/libraries', 'libraries'],
  ['/api/libraries/7', 'libraries'],
  ['/api/libraries/7/assets', 'grid'],
  ['/api/libraries/7/pause', 'work'],
  ['/api/assets/9', 'viewer'],
  ['/api/assets/9/similar', 'similar'],
  ['/api/assets/9/tags', 'tags'],
  ['/api/tags', 'tags'],
  ['/api/stats', 'stats'],
  ['/api/progress/7', 'progress'],
])('%s belongs to %s', (path, panel) => expect(panelOf(path)).toBe(panel));
