import { describe, expect, test } from 'vitest';
import type { Asset } from '../api/types';
import { pictureBox, stateOf, warningParts } from './tile';

const asset = (changes: Partial<Asset> = {}) => ({ status: 'pending', colour: null, thumbnail_url: null, width: null, height: null, ...changes }) as Asset;

describe('stateOf', () => {
  const indexed = asset({ status: 'indexed', colour: '#aabbcc', thumbnail_url: '/t' });

  test('name, then colour, then picture', () => {
    expect(stateOf(undefined, '', '')).toBe('pending');
    expect(stateOf(asset(), '', '')).toBe('pending');
    expect(stateOf(indexed, '', '')).toBe('colour');
    expect(stateOf(indexed, '/t', '')).toBe('picture');
  });

  test('the picture of the asset before does not count', () => expect(stateOf(indexed, '/other', '')).toBe('colour'));

  test('a picture that cannot be shown leaves the name', () => expect(stateOf(indexed, '', '/t')).toBe('pending'));

  test('a failure is a failure', () => expect(stateOf({ ...indexed, status: 'failed' }, '/t', '')).toBe('failed'));
});

test.each([
  ['ends early: the end of the file is missing; all of the picture is there', 'Ends early', 'The end of the file is missing; all of the picture is there.'],
  ['partly damaged: about 59 % of the picture can be shown', 'Partly damaged', 'About 59 % of the picture can be shown.'],
  ['something is odd.', 'Damaged', 'Something is odd.'],
])('warning "%s"', (warning, title, text) => expect(warningParts(warning)).toEqual({ title, text }));

describe('pictureBox', () => {
  test('follows the dimensions', () => {
    expect(pictureBox(asset({ width: 400, height: 300 }), false)).toEqual({ width: '100%', height: '75.00%' });
    expect(pictureBox(asset({ width: 300, height: 400 }), false)).toEqual({ width: '75.00%', height: '100%' });
  });

  test('a hair is widened to a strip', () => expect(pictureBox(asset({ width: 1, height: 20_000 }), false).width).toBe('12.50%'));

  test('unknown dimensions and filling take the whole tile', () => {
    expect(pictureBox(asset(), false)).toEqual({ width: '100%', height: '100%' });
    expect(pictureBox(asset({ width: 400, height: 300 }), true)).toEqual({ width: '100%', height: '100%' });
  });
});
