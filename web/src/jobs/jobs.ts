import type { Job } from '../api/types';

/** Running jobs first, then the newest. */
export function sortJobs(jobs: Job[]): Job[] {
  const rank = (job: Job) => (job.status === 'running' || job.status === 'queued' ? 0 : 1);
  return [...jobs].sort((one, other) => rank(one) - rank(other) || other.started_at.localeCompare(one.started_at) || one.name.localeCompare(other.name));
}

/** The list with what was heard: the newest run of each name, and of one run what was told last. */
export function mergeJobs(jobs: Job[], heard: Job[]): Job[] {
  const byName = new Map(jobs.map((job) => [job.name, job]));
  for (const job of heard) {
    const known = byName.get(job.name);
    // A run gets its number a moment after it began.
    if (!known || job.run_id === 0 || job.run_id >= known.run_id) byName.set(job.name, job);
  }
  return sortJobs([...byName.values()]);
}

const titles: Record<string, string> = { scan: 'Scan', retry: 'Retry of failed files', 'sweep-forgotten': 'Clearing up after forgotten libraries' };

/** "Scan of Photos" for `scan:1`; the name itself for what it does not know. */
export function titleOf(name: string, libraries: ReadonlyMap<string, string>): string {
  const colon = name.indexOf(':');
  const title = titles[colon < 0 ? name : name.slice(0, colon)];
  if (title === undefined) return name;
  if (colon < 0) return title;
  const library = libraries.get(name.slice(colon + 1));
  return library === undefined ? `${title} (${name})` : `${title}: ${library}`;
}

export function stateOf(job: Job): string {
  if (job.status === 'running') return job.paused ? 'paused' : job.cancel_asked_at !== null ? 'cancelling' : 'running';
  return job.status === 'queued' ? 'goes on at the next start' : job.status;
}

/** What it says, or what it came to. */
export function wordsOf(job: Job): string {
  return job.error ?? job.result ?? job.message ?? '';
}

/** Seconds from its beginning to its end, or until now. */
export function secondsOf(job: Job, now: number): number {
  return Math.max(0, ((job.finished_at === null ? now : Date.parse(job.finished_at)) - Date.parse(job.started_at)) / 1000);
}
