import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';

/** Figures shown by `?debug`: requests, cache hits, updates. */
export const figures = new SvelteMap<string, number>();

/** What one panel of the screen cost: requests to the server, answers from a cache instead, and expensive work that was asked for. */
export interface PanelFigures {
  requests: number;
  hits: number;
  computations: number;
}

export const panels = new SvelteMap<string, PanelFigures>();

export const debugging = typeof location !== 'undefined' && /[?&]debug\b/.test(location.search);

/** Adds to a figure; whoever counts does not come to depend on the count. Costs nothing unless `?debug` is in the address. */
export function count(name: string, by = 1): void {
  if (debugging) figures.set(name, (untrack(() => figures.get(name)) ?? 0) + by);
}

/** Adds to a panel's figures. Costs nothing unless `?debug` is in the address. */
export function countPanel(panel: string, kind: keyof PanelFigures): void {
  if (!debugging) return;
  const before = untrack(() => panels.get(panel)) ?? { requests: 0, hits: 0, computations: 0 };
  panels.set(panel, { ...before, [kind]: before[kind] + 1 });
}

/** Keeps the largest value seen. */
export function countLargest(name: string, value: number): void {
  if (debugging && value > (untrack(() => figures.get(name)) ?? 0)) figures.set(name, value);
}
