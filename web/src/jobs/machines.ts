import type { Worker } from '../api/types';

/** What a process claims for, in words. */
export function stagesOf(worker: Pick<Worker, 'stages'>): string {
  return worker.stages.length === 0 ? 'only serves' : worker.stages.join(', ');
}
