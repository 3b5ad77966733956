import type { Asset, AssetStatus } from '../api/types';

/** More than this cannot be selected at once: each asset is known by id, so that the number said is the number meant, whatever order comes next. */
export const largestSelection = 10_000;

/** The selected assets of one library, by id. */
export class Selection {
  readonly #statuses = new Map<number, AssetStatus>();
  readonly #onChange: () => void;
  #beforeBand: Map<number, AssetStatus> | null = null;
  /** Where a range with shift starts, as an index. */
  anchor: number | null = null;

  constructor(onChange: () => void = () => undefined) {
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#statuses.size;
  }

  /** Ids of the selected assets that had failed when last seen. */
  get failedIds(): number[] {
    return [...this.#statuses].filter(([, status]) => status === 'failed').map(([id]) => id);
  }

  has(id: number): boolean {
    return this.#statuses.has(id);
  }

  replace(assets: readonly Asset[]): void {
    this.#statuses.clear();
    this.#put(assets);
  }

  add(assets: readonly Asset[]): void {
    this.#put(assets);
  }

  toggle(asset: Asset): void {
    if (this.#statuses.delete(asset.id)) this.#onChange();
    else this.#put([asset]);
  }

  clear(): void {
    if (this.#statuses.size === 0) return;
    this.#statuses.clear();
    this.#onChange();
  }

  /** Starts a rubber band; what it touches is added to what was selected, or replaces it. */
  startBand(keep: boolean): void {
    this.#beforeBand = new Map(keep ? this.#statuses : []);
  }

  /** The assets under the band now; those it has left again go back to what they were. */
  moveBand(assets: readonly Asset[]): void {
    if (this.#beforeBand === null) return;
    this.#statuses.clear();
    for (const [id, status] of this.#beforeBand) this.#statuses.set(id, status);
    this.#put(assets);
  }

  endBand(): void {
    this.#beforeBand = null;
  }

  /** Takes newer states of assets that may be selected. */
  refresh(assets: readonly Asset[]): void {
    let changed = false;
    for (const { id, status } of assets) {
      if (this.#statuses.has(id) && this.#statuses.get(id) !== status) {
        this.#statuses.set(id, status);
        changed = true;
      }
    }
    if (changed) this.#onChange();
  }

  #put(assets: readonly Asset[]): void {
    for (const { id, status } of assets) {
      if (this.#statuses.size < largestSelection) this.#statuses.set(id, status);
    }
    this.#onChange();
  }
}
