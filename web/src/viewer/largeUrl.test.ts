import { expect, test } from 'vitest';
import { largeUrl } from './largeUrl';

const picture = { animated: false, file_url: '/file', preview_url: '/preview' };

test.each([
  ['a picture', picture, true, '/preview'],
  ['a picture that is not read yet', { ...picture, preview_url: null }, true, ''],
  ['an animation', { ...picture, animated: true }, true, '/file'],
  ['an animation that was stopped', { ...picture, animated: true }, false, '/preview'],
])('%s', (_, asset, isMoving, url) => expect(largeUrl(asset, isMoving)).toBe(url));
