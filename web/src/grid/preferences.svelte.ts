const key = 'vitrine.grid';

export const smallestTile = 88;
export const largestTile = 320;

interface Stored {
  tileSize?: unknown;
  fill?: unknown;
}

function stored(): Stored {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? '{}') as Stored | null) ?? {};
  } catch {
    // Whatever stood there was not ours; the defaults replace it at the next change.
    return {};
  }
}

/** How this person likes the grid; kept in the browser. */
class GridPreferences {
  #tileSize = $state(168);
  #fill = $state(false);

  constructor() {
    const { tileSize, fill } = stored();
    if (typeof tileSize === 'number' && tileSize >= smallestTile && tileSize <= largestTile) this.#tileSize = tileSize;
    if (typeof fill === 'boolean') this.#fill = fill;
  }

  get tileSize(): number {
    return this.#tileSize;
  }

  set tileSize(value: number) {
    this.#tileSize = value;
    this.#store();
  }

  get fill(): boolean {
    return this.#fill;
  }

  set fill(value: boolean) {
    this.#fill = value;
    this.#store();
  }

  #store(): void {
    localStorage.setItem(key, JSON.stringify({ tileSize: this.#tileSize, fill: this.#fill }));
  }
}

export const gridPreferences = new GridPreferences();
