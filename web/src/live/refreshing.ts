import { ApiProblem } from '../api/problem';
import { Backoff } from './backoff';

/** Loads again and again while somebody looks at the page, whatever becomes of a load; later and later while the server is gone. */
export class Refreshing {
  readonly #load: () => Promise<void>;
  readonly #onProblem: (problem: ApiProblem | null) => void;
  readonly #everyMs: number;
  readonly #isLookedAt: () => boolean;
  readonly #backoff = new Backoff();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** @param onProblem Hears null when the server answers (again). */
  constructor(
    load: () => Promise<void>,
    onProblem: (problem: ApiProblem | null) => void,
    everyMs: number,
    isLookedAt: () => boolean = () => document.visibilityState === 'visible',
  ) {
    this.#load = load;
    this.#onProblem = onProblem;
    this.#everyMs = everyMs;
    this.#isLookedAt = isLookedAt;
  }

  /** Loads at once, and from then on after each pause. */
  async now(): Promise<void> {
    clearTimeout(this.#timer);
    let pause = this.#everyMs;
    try {
      if (this.#isLookedAt()) {
        await this.#load();
        this.#onProblem(null);
        this.#backoff.reset();
      }
    } catch (error) {
      pause = this.#backoff.next();
      if (!(error instanceof ApiProblem)) throw error;
      this.#onProblem(error);
    } finally {
      clearTimeout(this.#timer); // of a load that was asked for meanwhile
      if (!this.#closed) this.#timer = setTimeout(() => void this.now(), pause);
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}
