import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';

/** Figures shown by `?debug`: requests, cache hits, updates. */
export const figures = new SvelteMap<string, number>();

export const debugging = typeof location !== 'undefined' && /[?&]debug\b/.test(location.search);

/** Adds to a figure; whoever counts does not come to depend on the count. Costs nothing unless `?debug` is in the address. */
export function count(name: string, by = 1): void {
  if (debugging) figures.set(name, (untrack(() => figures.get(name)) ?? 0) + by);
}

/** Keeps the largest value seen. */
export function countLargest(name: string, value: number): void {
  if (debugging && value > (untrack(() => figures.get(name)) ?? 0)) figures.set(name, value);
}
