import { describe, expect, it } from 'vitest';
import { noticeTime } from './noticeTime';

describe('noticeTime', () => {
  it('gives problems longer than news', () => {
    expect(noticeTime('Trying a.jpg again', false)).toBe(4000);
    expect(noticeTime('Bad request', true)).toBe(8000);
  });

  it('gives a long sentence the time to be read', () => {
    const text = "/photos/2024 lies inside the library 'Photos' (/photos): its pictures are in both, and are worked on twice.";
    expect(noticeTime(text, false)).toBe(text.length * 65);
    expect(noticeTime(text.repeat(3), true)).toBe(3 * text.length * 65);
  });
});
