import type { Asset, AssetPage, Coverage } from '../api/types';

export const pageSize = 200;

export interface PageCacheOptions {
  fetch: (offset: number, limit: number, signal: AbortSignal) => Promise<AssetPage>;
  /** Something that {@link PageCache.at} answers has changed. */
  onChange: () => void;
  onTotal: (total: number, coverage: Coverage) => void;
  /** A page could not be fetched; `problem` is null when fetching works again. */
  onProblem: (problem: unknown) => void;
  count?: (figure: string) => void;
  /** Pages kept; the least recently wanted go first. */
  capacity?: number;
  /** While the window moves, pages are asked for at most this often, in milliseconds. */
  pace?: number;
  now?: () => number;
}

interface Page {
  items: Asset[];
  stale: boolean;
  fetchedAt: number;
}

interface Fetch {
  request: AbortController;
  /** What the events said while the answer was on its way: it is newer than the answer. */
  patched: Map<number, Asset>;
  /** The answer was out of date before it came. */
  again: boolean;
}

/** Only what is on screen is kept up to date by events; unfinished assets that come into view later are asked for again after this long. */
const freshMs = 1000;

/** The pages of one library in one order: fetches what the window needs, drops what it no longer needs, and patches what it has. Pages are aligned. */
export class PageCache {
  readonly #options: PageCacheOptions;
  readonly #pages = new Map<number, Page>();
  readonly #places = new Map<number, number>();
  readonly #fetching = new Map<number, Fetch>();
  #wanted: number[] = [];
  #total = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastStart = -Infinity;
  #closed = false;

  constructor(options: PageCacheOptions) {
    this.#options = options;
  }

  /** The asset at an index, or undefined while its page has not arrived. A stale asset is better than none. */
  at(index: number): Asset | undefined {
    return this.#pages.get(Math.floor(index / pageSize))?.items[index % pageSize];
  }

  /** Where an asset stands among the pages at hand, or -1. */
  indexOf(id: number): number {
    return this.#places.get(id) ?? -1;
  }

  /** Says which indices (`first` to `last`, exclusive) are on screen. Requests for anything else are cancelled. */
  want(first: number, last: number): void {
    const wanted: number[] = [];
    for (let page = Math.floor(first / pageSize); page * pageSize < last; page++) wanted.push(page);
    if (wanted.length === 0) wanted.push(0);
    this.#wanted = wanted;
    for (const [page, fetch] of this.#fetching) {
      if (!wanted.includes(page)) {
        fetch.request.abort();
        this.#fetching.delete(page);
      }
    }
    for (const page of wanted) this.#touch(page);
    this.#start();
  }

  /** Asks again for what the window lacks, after a problem. */
  retry(): void {
    this.#start();
  }

  /** Fetches the window again; what is on screen stays until the answer is there. */
  reload(): void {
    for (const page of this.#pages.values()) page.stale = true;
    for (const fetch of this.#fetching.values()) fetch.again = true;
    this.#start();
  }

  /** Puts changed assets in the place of what was known of them. */
  patch(assets: readonly Asset[]): void {
    let changed = false;
    for (const asset of assets) {
      for (const fetch of this.#fetching.values()) fetch.patched.set(asset.id, asset);
      const index = this.#places.get(asset.id);
      if (index === undefined) continue;
      const page = this.#pages.get(Math.floor(index / pageSize));
      if (page === undefined) continue;
      page.items[index % pageSize] = asset;
      changed = true;
    }
    if (changed) this.#options.onChange();
  }

  /** Takes the library's new number of assets: pages that were short are fetched again when they are in the window. */
  resize(total: number): void {
    if (total === this.#total) return;
    this.#total = total;
    for (const [number, page] of this.#pages) {
      if (page.items.length !== this.#expectedLength(number)) page.stale = true;
    }
    this.#start();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const fetch of this.#fetching.values()) fetch.request.abort();
    this.#fetching.clear();
  }

  #now(): number {
    return this.#options.now?.() ?? performance.now();
  }

  #expectedLength(page: number): number {
    return Math.max(0, Math.min(pageSize, this.#total - page * pageSize));
  }

  #touch(number: number): void {
    const page = this.#pages.get(number);
    if (page === undefined) return;
    this.#pages.delete(number);
    this.#pages.set(number, page);
    if (this.#now() - page.fetchedAt > freshMs && isUnfinished(page)) page.stale = true;
    if (!page.stale) this.#options.count?.('page cache hits');
  }

  #start(): void {
    if (this.#closed) return;
    const missing = this.#wanted.filter((page) => (this.#pages.get(page)?.stale ?? true) && !this.#fetching.has(page));
    if (missing.length === 0 || this.#timer !== undefined) return;
    const now = this.#now();
    const wait = this.#lastStart + (this.#options.pace ?? 80) - now;
    if (wait > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#start();
      }, wait);
      return;
    }
    this.#lastStart = now;
    for (const page of missing) void this.#fetch(page);
  }

  async #fetch(number: number): Promise<void> {
    const fetch: Fetch = { request: new AbortController(), patched: new Map(), again: false };
    const { signal } = fetch.request;
    this.#fetching.set(number, fetch);
    try {
      const answer = await this.#options.fetch(number * pageSize, pageSize, signal);
      if (signal.aborted) return;
      this.#fetching.delete(number);
      this.#keep(number, answer, fetch);
      this.#options.onProblem(null);
      if (fetch.again) this.#start();
    } catch (error) {
      if (signal.aborted) return;
      this.#fetching.delete(number);
      this.#options.onProblem(error);
    }
  }

  #keep(number: number, answer: AssetPage, fetch: Fetch): void {
    const items = answer.items.map((asset) => fetch.patched.get(asset.id) ?? asset);
    this.#forget(number);
    this.#pages.set(number, { items, stale: fetch.again, fetchedAt: this.#now() });
    items.forEach((asset, at) => this.#places.set(asset.id, number * pageSize + at));
    const capacity = this.#options.capacity ?? 24;
    for (const old of this.#pages.keys()) {
      if (this.#pages.size <= capacity) break;
      if (!this.#wanted.includes(old)) this.#forget(old);
    }
    this.#total = answer.total;
    this.#options.onTotal(answer.total, answer.coverage);
    this.#options.onChange();
  }

  #forget(number: number): void {
    const page = this.#pages.get(number);
    if (page === undefined) return;
    page.items.forEach((asset, at) => {
      if (this.#places.get(asset.id) === number * pageSize + at) this.#places.delete(asset.id);
    });
    this.#pages.delete(number);
  }
}

function isUnfinished(page: Page): boolean {
  return page.items.some((asset) => asset.status !== 'ready' && asset.status !== 'failed');
}
