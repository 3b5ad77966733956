import { clamp } from '../grid/geometry';

/** How the picture lies on the stage: a scale relative to "fits", and the offset of its middle from the stage's middle in CSS pixels. */
export interface Zoom {
  scale: number;
  x: number;
  y: number;
}

export interface Sizes {
  stageWidth: number;
  stageHeight: number;
  /** Size of the picture in the file. */
  pictureWidth: number;
  pictureHeight: number;
}

export const fitted: Zoom = { scale: 1, x: 0, y: 0 };

/** CSS pixels per picture pixel when the picture just fits; small pictures are not blown up. */
export function fitScale(sizes: Sizes): number {
  return Math.min(1, sizes.stageWidth / sizes.pictureWidth, sizes.stageHeight / sizes.pictureHeight);
}

/** Up to four CSS pixels per picture pixel, and always at least four times the fitted size. */
export function largestScale(sizes: Sizes): number {
  return Math.max(4, 4 / fitScale(sizes));
}

/** The scale at which a picture pixel is a CSS pixel, or twice the fitted size where that is (nearly) the fitted one. */
export function detailScale(sizes: Sizes): number {
  const actual = 1 / fitScale(sizes);
  return actual < 1.2 ? 2 : actual;
}

/** Zooms by a factor around a point, given from the middle of the stage, which stays where it is. */
export function zoomAt(zoom: Zoom, sizes: Sizes, factor: number, pointX: number, pointY: number): Zoom {
  const scale = clamp(zoom.scale * factor, 1, largestScale(sizes));
  const change = scale / zoom.scale;
  return keepInside({ scale, x: pointX - (pointX - zoom.x) * change, y: pointY - (pointY - zoom.y) * change }, sizes);
}

export function panBy(zoom: Zoom, sizes: Sizes, x: number, y: number): Zoom {
  return keepInside({ scale: zoom.scale, x: zoom.x + x, y: zoom.y + y }, sizes);
}

/** No empty stage beside a picture that could fill it; a smaller one stays in the middle. */
export function keepInside(zoom: Zoom, sizes: Sizes): Zoom {
  const fit = fitScale(sizes);
  const slackX = Math.max(0, (sizes.pictureWidth * fit * zoom.scale - sizes.stageWidth) / 2);
  const slackY = Math.max(0, (sizes.pictureHeight * fit * zoom.scale - sizes.stageHeight) / 2);
  return { scale: zoom.scale, x: clamp(zoom.x, -slackX, slackX), y: clamp(zoom.y, -slackY, slackY) };
}
