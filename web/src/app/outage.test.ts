import { describe, expect, it } from 'vitest';
import { outageOf } from './outage';

const feature = (name: string, ready: boolean, detail: string | null = null) => ({ name, ready, state: ready ? ('ready' as const) : ('failed' as const), detail });

describe('outageOf', () => {
  it('is null while nothing is wrong with database and work', () => {
    expect(outageOf(undefined)).toBeNull();
    expect(outageOf({ ready: true, features: [feature('database', true), feature('work', true, 'nothing holds it up'), feature('similarity', false, 'loads')] })).toBeNull();
  });

  it('tells what holds work up', () => {
    expect(outageOf({ ready: true, features: [feature('database', true), feature('work', false, 'The disk is full.')] })).toEqual({
      title: 'Work is held up.',
      text: 'The disk is full.',
    });
  });

  it('tells of the database first', () => {
    const outage = outageOf({ ready: false, features: [feature('work', false, 'The file is gone.'), feature('database', false, 'The file is gone.')] });
    expect(outage?.title).toBe('The database is not available.');
  });
});
