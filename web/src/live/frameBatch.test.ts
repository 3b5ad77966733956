import { expect, test } from 'vitest';
import { FrameBatch } from './frameBatch';

test('many messages in a frame are applied once, in order', () => {
  const frames: (() => void)[] = [];
  const applied: number[][] = [];
  const batch = new FrameBatch<number>((items) => applied.push(items), (callback) => frames.push(callback));
  batch.add(1);
  batch.add(2);
  batch.add(3);
  expect(frames.length).toBe(1);
  frames[0]!();
  expect(applied).toEqual([[1, 2, 3]]);
  batch.add(4);
  expect(frames.length).toBe(2);
  frames[1]!();
  expect(applied).toEqual([[1, 2, 3], [4]]);
});
