type Schedule = (callback: () => void) => void;

/** Collects what arrives between two frames and hands it over once per frame, so that no burst of messages can hold up the screen. */
export class FrameBatch<T> {
  #items: T[] = [];
  readonly #apply: (items: T[]) => void;
  readonly #schedule: Schedule;

  constructor(apply: (items: T[]) => void, schedule: Schedule = nextFrame) {
    this.#apply = apply;
    this.#schedule = schedule;
  }

  add(item: T): void {
    this.#items.push(item);
    if (this.#items.length > 1) return;
    this.#schedule(() => {
      const items = this.#items;
      this.#items = [];
      this.#apply(items);
    });
  }
}

/** The next frame, or soon when the page is hidden and there are no frames. */
export function nextFrame(callback: () => void): void {
  if (document.hidden) setTimeout(callback, 200);
  else requestAnimationFrame(callback);
}
