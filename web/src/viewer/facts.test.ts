import { describe, expect, test } from 'vitest';
import type { AssetDetails } from '../api/types';
import { factsOf, formatBytes, formatCaptureTime, formatExposure, formatPosition, formatSize } from './facts';

test.each([
  [0.008, '1/125 s'],
  [0.01, '1/100 s'],
  [0.000125, '1/8000 s'],
  [0.25, '1/4 s'],
  [0.5, '0.5 s'],
  [1, '1 s'],
  [30, '30 s'],
])('exposure of %s', (seconds, text) => expect(formatExposure(seconds)).toBe(text));

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1234, '1.2 kB'],
  [999_900, '1.0 MB'],
  [123_456_789, '123 MB'],
])('size of %s bytes', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test('positions name their hemispheres', () => {
  expect(formatPosition(43.46667, 11.88333)).toBe('43.46667° N, 11.88333° E');
  expect(formatPosition(-33.9, -70.5)).toBe('33.90000° S, 70.50000° W');
});

test('dimensions with megapixels, unless tiny or unknown', () => {
  expect(formatSize({ width: 4000, height: 3000 })).toBe('4000 × 3000, 12 MP');
  expect(formatSize({ width: 1, height: 1 })).toBe('1 × 1');
  expect(formatSize({ width: null, height: null })).toBe('');
});

test('capture times stay on the camera\'s evening', () => {
  const evening = formatCaptureTime('2021-04-11T23:47:53-05:00');
  expect(evening).toBe(formatCaptureTime('2021-04-11T23:47:53'));
  expect(evening).toMatch(/11/);
  expect(evening).toMatch(/47/);
});

describe('factsOf', () => {
  const asset: AssetDetails = {
    id: 1, name: 'a.jpg', path: '2024/a.jpg', kind: 'image', status: 'ready', size: 1234, modified_at: '2026-01-01T00:00:00Z', width: 400, height: 300,
    colour: null, captured_at: null, thumbnail_url: null, failure: null, animated: false, warning: null, library_id: '1', added_at: '2026-01-01T00:00:00Z', sha256: null, md5: null,
    format: 'jpeg', orientation: 6, frames: 1, attempts: 1, preview_url: null, file_url: '/api/assets/1/file', metadata: null, failure_details: null,
  };

  test('without metadata there is the file only', () => {
    const groups = factsOf(asset);
    expect(groups.map((group) => group.title)).toEqual(['File']);
    expect(groups[0]!.facts.map((fact) => fact.name)).toEqual(['Path', 'Kind', 'Format', 'Size', 'Dimensions', 'Orientation', 'Changed', 'Added']);
  });

  test('a capture time says by which clock', () => {
    const facts = (captured_at: string) => factsOf({ ...asset, captured_at }).find((group) => group.title === 'Camera')!.facts;
    expect(facts('2021-04-11T15:47:53-05:00')[0]!.more).toContain('UTC-05:00');
    expect(facts('2021-04-11T15:47:53')[0]!.more).toContain('not known');
  });

  test('a camera that repeats its maker is named once', () => {
    const metadata = {
      camera_make: 'Canon', camera_model: 'Canon EOS 5D', lens: null, exposure_seconds: 0.008, f_number: 2.8, iso: 100, focal_length_millimetres: 50,
      latitude: null, longitude: null, altitude_metres: null, title: null, description: null, keywords: null, rating: null, creator: null, copyright: null, captured_at: null,
    };
    const facts = factsOf({ ...asset, metadata }).find((group) => group.title === 'Camera')!.facts;
    expect(facts).toEqual([
      { name: 'Camera', value: 'Canon EOS 5D' },
      { name: 'Exposure', value: '1/125 s, f/2.8, ISO 100' },
      { name: 'Focal length', value: '50 mm' },
    ]);
  });
});
