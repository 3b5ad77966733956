/** A stopwatch with two marks: the first picture can be seen, all is done. Times are milliseconds from its start; null until then. */
export interface Stopwatch {
  startedAt: number | null;
  first: number | null;
  all: number | null;
}

export const unused: Stopwatch = { startedAt: null, first: null, all: null };

export function started(now: number): Stopwatch {
  return { startedAt: now, first: null, all: null };
}

/** The first picture can be seen; the pictures after it change nothing. */
export function withFirst(watch: Stopwatch, now: number): Stopwatch {
  return watch.startedAt === null || watch.first !== null ? watch : { ...watch, first: now - watch.startedAt };
}

export function withAll(watch: Stopwatch, now: number): Stopwatch {
  return watch.startedAt === null || watch.all !== null ? watch : { ...watch, all: now - watch.startedAt };
}

export function isRunning(watch: Stopwatch): boolean {
  return watch.startedAt !== null && watch.all === null;
}

/** "0.8 s": a mark, or while it is waited for what the watch shows now; "–" before the start, and for a mark that was not set when all was done. */
export function reading(watch: Stopwatch, mark: number | null, now: number): string {
  if (watch.startedAt === null || (mark === null && watch.all !== null)) return '–';
  return `${((mark ?? now - watch.startedAt) / 1000).toFixed(1)} s`;
}
