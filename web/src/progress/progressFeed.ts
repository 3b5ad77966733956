import type { Progress } from '../api/types';
import { Backoff } from '../live/backoff';
import { isFinal } from './figures';

export interface TransportEvents {
  onSnapshot: (snapshot: Progress) => void;
  /** The transport has ended, by itself or because it never worked. Called once. */
  onEnd: () => void;
}

/** Starts to listen, and returns before the first event; the answer stops it without a call of `onEnd`. */
export type Transport = (events: TransportEvents) => () => void;

export interface ProgressFeedOptions {
  /** Best first: the socket, the event stream, polling. */
  transports: readonly Transport[];
  onSnapshot: (snapshot: Progress) => void;
  /** False when none of the transports works; true as soon as one does. */
  onConnected: (connected: boolean) => void;
  backoff?: Backoff;
  /** A transport that is silent for this long is given up: every one of them has a heartbeat. */
  silenceMs?: number;
  /** A lesser transport is left for the best one after this long. */
  upgradeMs?: number;
}

/**
 * Listens to the progress of a library until it has ended. Tries each transport in turn; one that has worked and broke is followed by the best one again,
 * after a pause. Versions never go back.
 */
export class ProgressFeed {
  readonly #options: ProgressFeedOptions;
  readonly #backoff: Backoff;
  #version = -1;
  #stop: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: ProgressFeedOptions) {
    this.#options = options;
    this.#backoff = options.backoff ?? new Backoff();
    this.#try(0);
  }

  /** Whether it listens no more: it was closed, or the final snapshot has come. */
  get isOver(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
    this.#halt();
    clearTimeout(this.#timer);
  }

  #halt(): void {
    clearTimeout(this.#silence);
    const stop = this.#stop;
    this.#stop = undefined;
    stop?.();
  }

  #try(number: number): void {
    const transport = this.#options.transports[number];
    if (this.#closed || transport === undefined) return;
    let worked = false;
    const startedAt = Date.now();
    const end = () => {
      this.#halt();
      if (!this.#closed) this.#ended(number, worked);
    };
    const listen = () => {
      clearTimeout(this.#silence);
      this.#silence = setTimeout(end, this.#options.silenceMs ?? 15_000);
    };
    listen();
    this.#stop = transport({
      onSnapshot: (snapshot) => {
        if (this.#closed) return;
        if (!worked) {
          worked = true;
          this.#backoff.reset();
          this.#options.onConnected(true);
        }
        this.#take(snapshot);
        if (isFinal(snapshot)) this.close();
        else if (number > 0 && Date.now() - startedAt > (this.#options.upgradeMs ?? 30_000)) {
          this.#halt();
          this.#try(0);
        } else listen();
      },
      onEnd: end,
    });
  }

  #ended(number: number, worked: boolean): void {
    if (!worked && number + 1 < this.#options.transports.length) {
      this.#try(number + 1);
      return;
    }
    this.#options.onConnected(false);
    this.#timer = setTimeout(() => this.#try(0), this.#backoff.next());
  }

  #take(snapshot: Progress): void {
    if (snapshot.version < this.#version) return;
    this.#version = snapshot.version;
    this.#options.onSnapshot(snapshot);
  }
}
