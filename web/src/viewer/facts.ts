import type { Asset, AssetDetails } from '../api/types';

export interface Fact {
  name: string;
  value: string;
  /** Said when the pointer rests on it. */
  more?: string;
}

export interface FactGroup {
  title: string;
  facts: Fact[];
}

/** "1/125 s" below a third of a second, "0.5 s" and "30 s" above. */
export function formatExposure(seconds: number): string {
  if (seconds <= 0) return `${seconds} s`;
  if (seconds < 0.3) return `1/${Math.round(1 / seconds)} s`;
  return `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))} s`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = -1;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** "43.46667° N, 11.88333° E". */
export function formatPosition(latitude: number, longitude: number): string {
  const part = (value: number, positive: string, negative: string) => `${Math.abs(value).toFixed(5)}° ${value < 0 ? negative : positive}`;
  return `${part(latitude, 'N', 'S')}, ${part(longitude, 'E', 'W')}`;
}

export function formatTime(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(time);
}

const distanceToUtc = /[+-]\d\d:\d\d$/;

/** As the camera's clock stood, wherever that was and wherever it is looked at. */
export function formatCaptureTime(iso: string): string {
  const time = new Date(`${iso.replace(distanceToUtc, '')}Z`);
  return Number.isNaN(time.getTime()) ? iso : new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(time);
}

export function formatSize(asset: Pick<Asset, 'width' | 'height'>): string {
  if (asset.width === null || asset.height === null) return '';
  const megapixels = (asset.width * asset.height) / 1e6;
  return `${asset.width} × ${asset.height}${megapixels >= 0.1 ? `, ${megapixels.toFixed(megapixels < 10 ? 1 : 0)} MP` : ''}`;
}

const orientations: Record<number, string> = {
  2: 'mirrored',
  3: 'turned by 180°',
  4: 'mirrored, turned by 180°',
  5: 'mirrored, turned by 90°',
  6: 'turned by 90°',
  7: 'mirrored, turned by 270°',
  8: 'turned by 270°',
};

/** Everything that is known of an asset, in readable words; what is not known is left out. */
export function factsOf(asset: AssetDetails): FactGroup[] {
  const metadata = asset.metadata;
  const groups: [string, [string, string | null | undefined, (string | undefined)?][]][] = [
    [
      'Picture',
      [
        ['Title', metadata?.title],
        ['Description', metadata?.description],
        ['Keywords', metadata?.keywords?.join(', ')],
        ['Rating', metadata?.rating == null ? null : `${metadata.rating} of 5`],
        ['Creator', metadata?.creator],
        ['Copyright', metadata?.copyright],
      ],
    ],
    [
      'Camera',
      [
        ['Captured', asset.captured_at && formatCaptureTime(asset.captured_at), clockOf(asset.captured_at)],
        ['Camera', camera(metadata?.camera_make, metadata?.camera_model)],
        ['Lens', metadata?.lens],
        ['Exposure', exposure(metadata)],
        ['Focal length', metadata?.focal_length_millimetres == null ? null : `${Number(metadata.focal_length_millimetres.toFixed(1))} mm`],
        ['Position', metadata?.latitude == null || metadata.longitude == null ? null : formatPosition(metadata.latitude, metadata.longitude)],
        ['Altitude', metadata?.altitude_metres == null ? null : `${Math.round(metadata.altitude_metres)} m`],
      ],
    ],
    [
      'File',
      [
        ['Path', asset.path],
        ['Kind', asset.kind === 'model' ? '3D model' : 'Image'],
        ['Format', asset.format?.toUpperCase()],
        ['Size', formatBytes(asset.size)],
        ['Dimensions', formatSize(asset)],
        ['Frames', asset.frames !== null && asset.frames > 1 ? String(asset.frames) : null],
        ['Orientation', asset.orientation === null ? null : orientations[asset.orientation]],
        ['Changed', formatTime(asset.modified_at)],
        ['Added', formatTime(asset.added_at)],
        ['SHA-256', asset.sha256],
        ['MD5', asset.md5],
      ],
    ],
  ];
  return groups
    .map(([title, facts]) => ({ title, facts: facts.flatMap(([name, value, more]) => (value ? [more ? { name, value, more } : { name, value }] : [])) }))
    .filter((group) => group.facts.length > 0);
}

/** Which clock a capture time was read from. */
function clockOf(iso: string | null): string | undefined {
  if (iso === null) return undefined;
  const distance = distanceToUtc.exec(iso)?.[0];
  return distance ? `By the camera's clock, UTC${distance}` : "By the camera's clock; how far it was from UTC is not known";
}

function camera(make: string | null | undefined, model: string | null | undefined): string | null {
  if (!make || !model) return (make ?? '') || (model ?? '') || null;
  return model.toLowerCase().startsWith(make.toLowerCase()) ? model : `${make} ${model}`;
}

function exposure(metadata: AssetDetails['metadata']): string | null {
  if (!metadata) return null;
  const parts = [
    metadata.exposure_seconds == null ? '' : formatExposure(metadata.exposure_seconds),
    metadata.f_number == null ? '' : `f/${Number(metadata.f_number.toFixed(1))}`,
    metadata.iso == null ? '' : `ISO ${metadata.iso}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? null : parts.join(', ');
}
