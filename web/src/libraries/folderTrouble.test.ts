import { describe, expect, it } from 'vitest';
import { folderTrouble } from './folderTrouble';

const well = { path: '/photos', offline: null, missing: 0, following: { mode: 'live' as const, note: null } };

describe('folderTrouble', () => {
  it('is nothing while all is well', () => {
    expect(folderTrouble(well)).toBeNull();
    expect(folderTrouble({ ...well, following: { mode: 'off', note: null } })).toBeNull();
  });

  it('tells the gravest first', () => {
    const timed = { ...well, following: { mode: 'timed' as const, note: 'Raise the limit.' } };
    expect(folderTrouble(timed)).toMatchObject({ kind: 'timed', text: 'Raise the limit.' });
    expect(folderTrouble({ ...timed, missing: 1200 })).toMatchObject({ kind: 'missing', title: '1,200 files are gone.' });
    expect(folderTrouble({ ...timed, missing: 1200, offline: { since: '2026-01-01T00:00:00Z', reason: 'is not there' } })?.text).toContain('/photos is not there');
  });
});
