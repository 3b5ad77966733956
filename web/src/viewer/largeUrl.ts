import type { AssetDetails } from '../api/types';

/** What the stage shows: the preview; of an animation that is to move the file itself, for only that does. Empty until there is one. */
export function largeUrl(asset: Pick<AssetDetails, 'animated' | 'file_url' | 'preview_url'>, isMoving: boolean): string {
  return asset.animated && isMoving ? asset.file_url : (asset.preview_url ?? '');
}
