import type { AssetDetails } from '../api/types';

/** What is fetched before it is asked for: at most some megabytes, for the person may turn back. */
const largestAhead = 8_000_000;

/** What the stage shows: the preview; of an animation that is to move the file itself, for only that does. Empty until there is one. */
export function largeUrl(asset: Pick<AssetDetails, 'animated' | 'file_url' | 'preview_url'>, isMoving: boolean): string {
  return asset.animated && isMoving ? asset.file_url : (asset.preview_url ?? '');
}

/** What is fetched of a neighbour ahead; empty for an animation whose file is large. */
export function urlAhead(asset: Pick<AssetDetails, 'animated' | 'file_url' | 'preview_url' | 'size'>, isMoving: boolean): string {
  return asset.animated && isMoving && asset.size > largestAhead ? '' : largeUrl(asset, isMoving);
}
