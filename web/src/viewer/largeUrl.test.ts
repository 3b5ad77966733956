import { expect, test } from 'vitest';
import { largeUrl, urlAhead } from './largeUrl';

const picture = { animated: false, file_url: '/file', preview_url: '/preview' };

test.each([
  ['a picture', picture, true, '/preview'],
  ['a picture that is not read yet', { ...picture, preview_url: null }, true, ''],
  ['an animation', { ...picture, animated: true }, true, '/file'],
  ['an animation that was stopped', { ...picture, animated: true }, false, '/preview'],
])('%s', (_, asset, isMoving, url) => expect(largeUrl(asset, isMoving)).toBe(url));

test.each([
  ['a large picture: its preview is small', { ...picture, size: 900_000_000 }, true, '/preview'],
  ['a small animation', { ...picture, animated: true, size: 8_000_000 }, true, '/file'],
  ['a large animation', { ...picture, animated: true, size: 8_000_001 }, true, ''],
  ['a large animation that stands still', { ...picture, animated: true, size: 8_000_001 }, false, '/preview'],
])('ahead, %s', (_, asset, isMoving, url) => expect(urlAhead(asset, isMoving)).toBe(url));
