import { count, countPanel } from '../app/debug.svelte';
import { api, type AssetQuery } from '../api/client';
import { ApiProblem } from '../api/problem';
import type { Asset, Coverage } from '../api/types';
import { Backoff } from '../live/backoff';
import { orderName } from './orderName';
import { PageCache } from './pageCache';
import { largestSelection, Selection } from './selection';

const largestPage = 500;
/** While files are found and move about, the window is fetched again at most this often. */
const reloadPauseMs = 500;

/** What one grid shows: the assets of a library in one order, and which of them are selected. */
export class GridModel {
  /** Null until the first answer. */
  total = $state<number | null>(null);
  coverage = $state.raw<Coverage | null>(null);
  /** Why assets are missing from the screen; null when nothing is wrong. */
  problem = $state.raw<unknown>(null);

  readonly #libraryId: string;
  readonly #query: AssetQuery;
  readonly #cache: PageCache;
  readonly #selection = new Selection(() => this.#selectionVersion++);
  readonly #backoff = new Backoff();
  #version = $state(0);
  #selectionVersion = $state(0);
  #reload: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(libraryId: string, query: AssetQuery) {
    this.#libraryId = libraryId;
    this.#query = query;
    this.#cache = new PageCache({
      fetch: (offset, limit, signal) => api.assets(libraryId, query, offset, limit, signal),
      onChange: () => this.#version++,
      onTotal: (total, coverage) => {
        this.total = total;
        this.coverage = coverage;
      },
      onProblem: (problem) => this.#onProblem(problem),
      count: (name) => {
        count(name);
        if (name === 'page cache hits') countPanel('grid', 'hits');
      },
    });
  }

  /** Changes whenever {@link at} may answer something else. */
  get version(): number {
    return this.#version;
  }

  /** The selection, read so that whatever reads it follows its changes. */
  get selection(): Selection {
    void this.#selectionVersion;
    return this.#selection;
  }

  at(index: number): Asset | undefined {
    void this.#version;
    return this.#cache.at(index);
  }

  indexOf(id: number): number {
    return this.#cache.indexOf(id);
  }

  want(first: number, last: number): void {
    this.#cache.want(first, last);
  }

  /** Takes changed assets from the events socket. */
  patch(assets: readonly Asset[]): void {
    count('assets updated', assets.length);
    this.#cache.patch(assets);
    this.#selection.refresh(assets);
  }

  /** Takes the library's number of assets; only an unfiltered grid shows all of them. */
  resize(total: number): void {
    if (this.#query.q !== '') {
      this.reload();
      return;
    }
    this.total = total;
    this.#cache.resize(total);
  }

  /** The server swapped these caches: the window is fetched again when its order is among them. */
  swapped(caches: readonly string[]): void {
    const order = orderName(this.#libraryId, this.#query);
    if (order !== null && caches.includes(order)) this.reload();
  }

  reload(): void {
    this.#reload ??= setTimeout(() => {
      this.#reload = undefined;
      this.#cache.reload();
    }, reloadPauseMs);
  }

  /** The assets of a range (`first` to `last`, both included), fetched where they are not at hand; at most as many as can be selected. */
  async range(first: number, last: number): Promise<Asset[]> {
    const end = Math.min(last, first + largestSelection - 1);
    const assets: Asset[] = [];
    for (let index = first; index <= end; index++) {
      const known = this.#cache.at(index);
      if (known) {
        assets.push(known);
        continue;
      }
      const answer = await api.assets(this.#libraryId, this.#query, index, Math.min(largestPage, end - index + 1));
      if (answer.items.length === 0) break;
      assets.push(...answer.items);
      index += answer.items.length - 1;
    }
    return assets;
  }

  close(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#reload);
    this.#cache.close();
  }

  #onProblem(problem: unknown): void {
    this.problem = problem;
    if (problem === null) {
      this.#backoff.reset();
      return;
    }
    clearTimeout(this.#retry);
    if (problem instanceof ApiProblem && problem.isTransient) this.#retry = setTimeout(() => this.#cache.retry(), this.#backoff.next());
  }
}
