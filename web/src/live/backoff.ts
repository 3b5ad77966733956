/** How long to wait before the next attempt, growing with each failure. */
export class Backoff {
  #failures = 0;
  readonly #firstMs: number;
  readonly #largestMs: number;
  readonly #random: () => number;

  constructor(firstMs = 500, largestMs = 5_000, random: () => number = Math.random) {
    this.#firstMs = firstMs;
    this.#largestMs = largestMs;
    this.#random = random;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Milliseconds to wait: doubled per failure, and spread over its upper half so that many screens do not return at once. */
  next(): number {
    const full = Math.min(this.#largestMs, this.#firstMs * 2 ** Math.min(this.#failures, 20));
    this.#failures++;
    return full * (0.5 + this.#random() * 0.5);
  }

  reset(): void {
    this.#failures = 0;
  }
}
