import { rangesInside, type GridGeometry, type Rectangle } from './geometry';

export type Band = Rectangle;
type Ranges = { first: number; last: number }[];

export interface GridPointerOptions {
  scroller: () => HTMLElement | undefined;
  geometry: () => GridGeometry;
  /** Top of the viewport in content. */
  top: () => number;
  scrollBy: (pixels: number) => void;
  onClick: (index: number, event: MouseEvent) => void;
  onOpen: (index: number) => void;
  onToggle: (index: number) => void;
  onBackground: () => void;
  onBandStart: (keep: boolean) => void;
  onBand: (area: Band, ranges: Ranges) => void;
  onBandEnd: (ranges: Ranges) => void;
  hasSelection: () => boolean;
}

const bandStartsAfter = 6;
const longPressMs = 450;
const edge = 48;

/**
 * What a pointer does on the grid. Mouse: click selects, double click opens, drag draws a rubber band that scrolls at the edges. Touch: tap opens,
 * or toggles once something is selected; a long press toggles.
 */
export class GridPointer {
  readonly #options: GridPointerOptions;
  #from: { x: number; y: number } | null = null;
  #pointer: PointerEvent | null = null;
  #banding = false;
  #ranges: Ranges = [];
  #swallowClick = false;
  #touch = false;
  #press: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;

  constructor(options: GridPointerOptions) {
    this.#options = options;
  }

  close(): void {
    clearTimeout(this.#press);
    cancelAnimationFrame(this.#frame);
    removeEventListener('pointermove', this.#onMove);
    removeEventListener('pointerup', this.#onUp);
    removeEventListener('pointercancel', this.#onUp);
  }

  indexAt(target: EventTarget | null): number | null {
    const tile = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
    return tile === null ? null : Number(tile.dataset.index);
  }

  readonly onDown = (event: PointerEvent): void => {
    const scroller = this.#options.scroller();
    if (!scroller || event.button !== 0) return;
    this.#swallowClick = false;
    this.#touch = event.pointerType === 'touch';
    const box = scroller.getBoundingClientRect();
    if (event.clientX - box.left >= scroller.clientWidth) return;
    this.#pointer = event;
    this.#from = this.#place(event);
    if (this.#touch) this.#waitForLongPress(event.target);
    addEventListener('pointermove', this.#onMove);
    addEventListener('pointerup', this.#onUp);
    addEventListener('pointercancel', this.#onUp);
  };

  readonly onClick = (event: MouseEvent): void => {
    if (this.#swallowClick) {
      this.#swallowClick = false;
      return;
    }
    const index = this.indexAt(event.target);
    const isOpen = event.target instanceof Element && event.target.closest('[data-open]') !== null;
    if (index === null) this.#options.onBackground();
    else if (this.#touch && this.#options.hasSelection()) this.#options.onToggle(index);
    else if (this.#touch || isOpen) this.#options.onOpen(index);
    else this.#options.onClick(index, event);
  };

  readonly onDoubleClick = (event: MouseEvent): void => {
    const index = this.indexAt(event.target);
    if (index !== null && !this.#touch && !event.ctrlKey && !event.metaKey && !event.shiftKey) this.#options.onOpen(index);
  };

  readonly onContextMenu = (event: Event): void => {
    // A long press selects; its menu would cover the tile.
    if (this.#touch) event.preventDefault();
  };

  #waitForLongPress(target: EventTarget | null): void {
    this.#press = setTimeout(() => {
      const index = this.indexAt(target);
      if (index === null) return;
      this.#swallowClick = true;
      this.#options.onToggle(index);
    }, longPressMs);
  }

  readonly #onMove = (event: PointerEvent): void => {
    if (this.#from === null) return;
    this.#pointer = event;
    const at = this.#place(event);
    if (!this.#banding && Math.hypot(at.x - this.#from.x, at.y - this.#from.y) < bandStartsAfter) return;
    clearTimeout(this.#press);
    if (this.#touch) return;
    if (!this.#banding) {
      this.#banding = true;
      this.#options.onBandStart(event.shiftKey || event.ctrlKey || event.metaKey);
      this.#frame = requestAnimationFrame(this.#onFrame);
    }
    event.preventDefault();
  };

  /** Once per frame: scrolls when the pointer is at an edge, and draws the band where it is now. */
  readonly #onFrame = (): void => {
    const scroller = this.#options.scroller();
    if (!this.#banding || !scroller || !this.#pointer || !this.#from) return;
    const box = scroller.getBoundingClientRect();
    const above = box.top + edge - this.#pointer.clientY;
    const below = this.#pointer.clientY - (box.bottom - edge);
    if (above > 0) this.#options.scrollBy(-Math.ceil(above / 3));
    if (below > 0) this.#options.scrollBy(Math.ceil(below / 3));
    const at = this.#place(this.#pointer);
    const band = {
      left: Math.min(at.x, this.#from.x),
      top: Math.min(at.y, this.#from.y),
      right: Math.max(at.x, this.#from.x),
      bottom: Math.max(at.y, this.#from.y),
    };
    this.#ranges = rangesInside(this.#options.geometry(), band);
    this.#options.onBand(band, this.#ranges);
    this.#frame = requestAnimationFrame(this.#onFrame);
  };

  readonly #onUp = (): void => {
    clearTimeout(this.#press);
    cancelAnimationFrame(this.#frame);
    removeEventListener('pointermove', this.#onMove);
    removeEventListener('pointerup', this.#onUp);
    removeEventListener('pointercancel', this.#onUp);
    this.#from = null;
    if (!this.#banding) return;
    this.#banding = false;
    this.#swallowClick = true;
    this.#options.onBandEnd(this.#ranges);
  };

  #place(event: PointerEvent): { x: number; y: number } {
    const scroller = this.#options.scroller();
    if (!scroller) return { x: 0, y: 0 };
    const box = scroller.getBoundingClientRect();
    const x = Math.max(0, Math.min(scroller.clientWidth, event.clientX - box.left));
    const y = Math.max(0, Math.min(scroller.clientHeight, event.clientY - box.top));
    return { x, y: y + this.#options.top() };
  }
}
