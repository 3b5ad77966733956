import { clamp } from './geometry';

/** Browsers stop laying out elements near 17 million pixels, and float precision at 4 million still leaves a quarter of a pixel. */
const largestElement = 4_000_000;
/** Near both ends a pixel of the scrollbar is a pixel of content, so that the ends are reached exactly. */
const exactZone = 100_000;

/**
 * Maps the scroll position of an element of bearable height to a place in content of any height.
 *
 * A small movement (wheel, touch, keys) moves the content by the same pixels. A jump (scrollbar, End) goes to the place in proportion. Small movements
 * let the two drift apart; {@link settle} brings the scrollbar back to where it belongs without moving the content.
 */
export class ScrollMap {
  #contentHeight = 0;
  #viewport = 0;
  #scrollTop = 0;
  #top = 0;

  /** Height to give the scrolled element. */
  get elementHeight(): number {
    return Math.min(this.#contentHeight, largestElement);
  }

  /** Top of the viewport in content. */
  get top(): number {
    return this.#top;
  }

  get scrollTop(): number {
    return this.#scrollTop;
  }

  /** What to subtract from a place in content to get the place in the element. */
  get offset(): number {
    return this.#top - this.#scrollTop;
  }

  get largestTop(): number {
    return Math.max(0, this.#contentHeight - this.#viewport);
  }

  get #largestScroll(): number {
    return Math.max(0, this.elementHeight - this.#viewport);
  }

  get #isExact(): boolean {
    return this.#contentHeight <= largestElement;
  }

  /** Takes new sizes and keeps the place in content. Returns the scroll position to set. */
  resize(contentHeight: number, viewport: number): number {
    this.#contentHeight = contentHeight;
    this.#viewport = viewport;
    return this.moveTo(this.#top);
  }

  /** Goes to a place in content. Returns the scroll position to set. */
  moveTo(top: number): number {
    this.#top = clamp(top, 0, this.largestTop);
    this.#scrollTop = this.#toScroll(this.#top);
    return this.#scrollTop;
  }

  /** Takes a scroll position that the browser reports. */
  onScroll(scrollTop: number): void {
    const moved = scrollTop - this.#scrollTop;
    this.#scrollTop = scrollTop;
    if (this.#isExact) this.#top = clamp(scrollTop, 0, this.largestTop);
    else if (scrollTop <= 0 && Math.abs(moved) > 2 * this.#viewport) this.#top = 0;
    else if (Math.abs(moved) <= 2 * this.#viewport) this.#top = clamp(this.#top + moved, 0, this.largestTop);
    else this.#top = this.#toTop(scrollTop);
  }

  /** True when the scrollbar stands at an end that the content has not reached: it must be settled at once, or scrolling would stop there. */
  get isStuck(): boolean {
    return (this.#scrollTop <= 0 && this.#top > 0) || (this.#scrollTop >= this.#largestScroll && this.#top < this.largestTop);
  }

  /** The scroll position that belongs to the place in content, or null when it is there already. */
  settle(): number | null {
    const wanted = this.#toScroll(this.#top);
    if (Math.abs(wanted - this.#scrollTop) < 1) return null;
    this.#scrollTop = wanted;
    return wanted;
  }

  #toScroll(top: number): number {
    if (this.#isExact) return Math.min(top, this.#largestScroll);
    const fromEnd = this.largestTop - top;
    if (top <= exactZone) return Math.round(top);
    if (fromEnd <= exactZone) return Math.round(this.#largestScroll - fromEnd);
    return Math.round(exactZone + (top - exactZone) * this.#ratio);
  }

  #toTop(scrollTop: number): number {
    const fromEnd = this.#largestScroll - scrollTop;
    if (scrollTop <= exactZone) return Math.max(0, scrollTop);
    if (fromEnd <= exactZone) return this.largestTop - Math.max(0, fromEnd);
    return exactZone + (scrollTop - exactZone) / this.#ratio;
  }

  /** Pixels of the scrollbar per pixel of content, between the exact zones. */
  get #ratio(): number {
    return (this.#largestScroll - 2 * exactZone) / (this.largestTop - 2 * exactZone);
  }
}
