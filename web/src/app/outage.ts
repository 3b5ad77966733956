import type { Readiness } from '../api/types';

export interface Outage {
  title: string;
  text: string;
}

/** What holds up the work of the whole server, the gravest first; null when nothing does. */
export function outageOf(readiness: Readiness | undefined): Outage | null {
  const trouble = (name: string) => readiness?.features.find((feature) => feature.name === name && !feature.ready);
  const database = trouble('database');
  if (database) return { title: 'The database is not available.', text: database.detail ?? '' };
  const work = trouble('work');
  return work ? { title: 'Work is held up.', text: work.detail ?? '' } : null;
}
