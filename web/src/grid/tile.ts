import type { Asset } from '../api/types';
import { clamp } from './geometry';

export type TileState = 'pending' | 'colour' | 'picture' | 'failed';

/** What a tile shows of its asset, given the address of the picture that has loaded and of the one that could not. */
export function stateOf(asset: Asset | undefined, loadedUrl: string, brokenUrl: string): TileState {
  if (asset === undefined) return 'pending';
  if (asset.status === 'failed') return 'failed';
  const url = asset.thumbnail_url ?? '';
  if (url !== '' && url === loadedUrl) return 'picture';
  if (asset.colour !== null && (url === '' || url !== brokenUrl)) return 'colour';
  return 'pending';
}

/** What the server says of a damaged picture that is shown ("ends early: the end of the file is missing"): its class as a heading, and the sentence behind it. */
export function warningParts(warning: string): { title: string; text: string } {
  const colon = warning.indexOf(': ');
  return colon < 0 ? { title: 'Damaged', text: sentence(warning) } : { title: capital(warning.slice(0, colon)), text: sentence(warning.slice(colon + 2)) };
}

function sentence(text: string): string {
  return capital(text.endsWith('.') ? text : `${text}.`);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The part of the square tile that the picture takes, in percent: known from the dimensions, so that nothing moves when the picture arrives. */
export function pictureBox(asset: Asset | undefined, fill: boolean): { width: string; height: string } {
  if (fill || asset?.width == null || asset.height == null || asset.width <= 0 || asset.height <= 0) return { width: '100%', height: '100%' };
  // A panorama of 1 × 20,000 is shown by a strip of its middle that can still be seen.
  const ratio = clamp(asset.width / asset.height, 1 / 8, 8);
  return ratio >= 1 ? { width: '100%', height: percent(1 / ratio) } : { width: percent(ratio), height: '100%' };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}
