import { api, type AssetQuery } from '../api/client';
import type { Asset } from '../api/types';
import type { GridModel } from '../grid/gridModel.svelte';

const searched = 500;

/** Where an asset stands in the grid's order: as the grid knows, at the hint, or near it. Null when it is not found there. */
export async function findPlace(libraryId: string, query: AssetQuery, model: GridModel, id: number, hint: number | null): Promise<number | null> {
  const known = model.indexOf(id);
  if (known >= 0) return known;
  const offset = hint === null ? 0 : Math.max(0, hint - searched / 2);
  const page = await api.assets(libraryId, query, offset, searched);
  const found = page.items.findIndex((asset) => asset.id === id);
  return found < 0 ? null : offset + found;
}

export async function neighbourAt(libraryId: string, query: AssetQuery, model: GridModel, index: number): Promise<Asset | null> {
  if (index < 0) return null;
  const known = model.at(index);
  if (known) return known;
  const page = await api.assets(libraryId, query, index, 1);
  return page.items[0] ?? null;
}
