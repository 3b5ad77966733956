import type { AssetStatus, Progress } from '../api/types';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function formatCount(value: number): string {
  return whole.format(value);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

export const statuses: readonly AssetStatus[] = ['ready', 'embedding', 'indexed', 'failed', 'pending'];

export interface Segment {
  status: AssetStatus;
  count: number;
  /** Share of the bar, 0 to 1; all shares add up to 1, and whatever exists can be seen. */
  share: number;
  /** Sum of the shares before it. */
  start: number;
}

const smallestShare = 0.004;

/** The parts of the bar, furthest along first. */
export function segments(progress: Progress): Segment[] {
  const parts = statuses.map((status) => ({ status, count: progress[status], share: 0, start: 1 }));
  const total = parts.reduce((sum, part) => sum + part.count, 0);
  if (total === 0) return parts;
  for (const part of parts) if (part.count > 0) part.share = Math.max(smallestShare, part.count / total);
  const sum = parts.reduce((all, part) => all + part.share, 0);
  let start = 0;
  for (const part of parts) {
    part.share /= sum;
    part.start = start;
    start += part.share;
  }
  return parts;
}

/** "4 min left", or nothing when it is not known. */
export function timeLeft(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return '';
  return `${formatDuration(seconds)} left`;
}

export function formatDuration(seconds: number): string {
  if (seconds < 1) return 'a moment';
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? plural(days, 'day') : `${plural(days, 'day')} ${hours % 24} h`;
}

export function formatRate(perSecond: number): string {
  if (perSecond <= 0) return '';
  if (perSecond < 1) return `${formatCount(Math.max(1, perSecond * 60))}/min`;
  return `${formatCount(perSecond)}/s`;
}

/** What is going on, in one line. */
export function headline(progress: Progress): string {
  const done = progress.ready + progress.failed;
  const left = progress.total - done;
  switch (progress.status) {
    case 'complete':
      if (progress.total === 0) return 'Empty';
      return progress.failed === 0 ? `All ${formatCount(progress.total)} ready` : `${formatCount(progress.ready)} ready`;
    case 'paused':
      return `Paused, ${formatCount(left)} to go`;
    case 'cancelled':
      return `Cancelled, ${formatCount(left)} not done`;
    case 'in_progress':
      if (progress.scanning) return `Scanning, ${formatCount(progress.total)} found`;
      return `${formatCount(progress.ready)} of ${formatCount(progress.total)} ready`;
  }
}

/** Percentage done for screen readers, never 100 before the end. */
export function percentDone(progress: Progress): number {
  if (progress.status === 'complete') return 100;
  if (progress.total === 0) return 0;
  return Math.min(99, Math.floor((100 * (progress.ready + progress.failed)) / progress.total));
}

export function isFinal(progress: Progress): boolean {
  return progress.status === 'complete' || progress.status === 'cancelled';
}
