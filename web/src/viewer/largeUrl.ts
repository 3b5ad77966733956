import type { AssetDetails } from '../api/types';

/** What the stage shows: the preview; of an animation the file itself, for only that moves. Empty until there is one. */
export function largeUrl(asset: Pick<AssetDetails, 'animated' | 'file_url' | 'preview_url'>): string {
  return asset.animated ? asset.file_url : (asset.preview_url ?? '');
}
