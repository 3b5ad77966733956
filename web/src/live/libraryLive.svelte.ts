import { count } from '../app/debug.svelte';
import { api } from '../api/client';
import { ApiProblem } from '../api/problem';
import type { Asset, Library, LibraryEvent, Progress } from '../api/types';
import { isFinal } from '../progress/figures';
import { ProgressFeed } from '../progress/progressFeed';
import { progressTransports } from '../progress/transports';
import { Backoff } from './backoff';
import { FrameBatch, nextFrame } from './frameBatch';
import { ReconnectingSocket, webSocketAt } from './reconnectingSocket';

/** What a grid wants to hear. */
export interface LibraryListener {
  onAssets: (assets: Asset[]) => void;
  onTotal: (total: number) => void;
  /** Caches of the server were swapped. */
  onCaches: (names: string[]) => void;
  /** The window must be fetched again: the order changed, or messages were missed. */
  onReload: () => void;
}

const reportPauseMs = 120;
const largestReport = 500;

/** One library as it is now: its facts, its progress, and its one events socket. */
export class LibraryLive {
  library = $state.raw<Library | null>(null);
  progress = $state.raw<Progress | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  listener: LibraryListener | null = null;

  readonly #id: string;
  readonly #socket: ReconnectingSocket;
  readonly #events = new FrameBatch<LibraryEvent>((events) => this.#apply(events));
  readonly #snapshots = new FrameBatch<Progress>((snapshots) => this.#show(snapshots[snapshots.length - 1]));
  readonly #backoff = new Backoff();
  #feed: ProgressFeed | null = null;
  #socketUp = $state(true);
  #feedUp = $state(true);
  #wasConnected = false;
  #visible: number[] = [];
  #reported = '';
  #reportTimer: ReturnType<typeof setTimeout> | undefined;
  #loadTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  readonly #onOnline = () => this.#socket.hurry();

  constructor(id: string) {
    this.#id = id;
    this.#socket = new ReconnectingSocket({
      open: () => webSocketAt(`/ws/events?library=${encodeURIComponent(id)}`),
      onMessage: (message) => this.#events.add(message as LibraryEvent),
      onConnected: (connected) => this.#onConnected(connected),
    });
    addEventListener('online', this.#onOnline);
    void this.load();
  }

  /** False while the server cannot be heard. */
  get connected(): boolean {
    return this.#socketUp && this.#feedUp;
  }

  /** Says which assets are on screen: these are worked on first, and only their changes are sent. */
  report(visible: number[]): void {
    this.#visible = visible.slice(0, largestReport);
    this.#reportTimer ??= setTimeout(() => this.#sendReport(), reportPauseMs);
  }

  /** Asks for the library's facts again, and listens to its progress if it has not ended. */
  async load(): Promise<void> {
    clearTimeout(this.#loadTimer);
    try {
      const library = await api.library(this.#id);
      if (this.#closed) return;
      this.#backoff.reset();
      this.problem = null;
      this.library = library;
      this.#follow(library.progress);
    } catch (error) {
      if (this.#closed || !(error instanceof ApiProblem)) return;
      if (error.isTransient) this.#loadTimer = setTimeout(() => void this.load(), this.#backoff.next());
      else this.problem = error;
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#reportTimer);
    clearTimeout(this.#loadTimer);
    removeEventListener('online', this.#onOnline);
    this.#socket.close();
    this.#feed?.close();
  }

  #onConnected(connected: boolean): void {
    this.#socketUp = connected;
    if (!connected) return;
    this.#reported = '';
    this.#sendReport();
    // Whatever happened while the socket was away was not heard.
    if (this.#wasConnected) {
      this.listener?.onReload();
      void this.load();
    }
    this.#wasConnected = true;
  }

  #sendReport(): void {
    this.#reportTimer = undefined;
    const text = this.#visible.join();
    if (text === this.#reported || this.#visible.length === 0) return;
    if (!this.#socket.send({ visible: this.#visible })) return;
    this.#reported = text;
  }

  #apply(events: LibraryEvent[]): void {
    if (this.#closed) return;
    count('event messages', events.length);
    count('event frames');
    const assets = events.flatMap((event) => event.assets ?? []);
    if (assets.length > 0) this.listener?.onAssets(assets);
    const caches = events.flatMap((event) => event.caches ?? []);
    if (caches.length > 0) this.listener?.onCaches(caches.map((cache) => cache.name));
    const total = events.findLast((event) => event.total !== undefined)?.total;
    if (total !== undefined) this.listener?.onTotal(total);
    if (events.some((event) => event.reload)) {
      this.listener?.onReload();
      // The library itself may be gone.
      void this.load();
    }
    const library = events.flatMap((event) => event.libraries ?? []).findLast((changed) => changed.library_id === this.#id);
    if (library) {
      this.library = library;
      this.#follow(library.progress);
    }
  }

  #follow(progress: Progress): void {
    this.#show(progress);
    // A feed may have had its final snapshot, and the library has begun anew before that was shown.
    if (isFinal(progress) || this.#feed?.isOver === false) return;
    this.#feed = new ProgressFeed({
      transports: progressTransports(this.#id),
      onSnapshot: (snapshot) => this.#snapshots.add(snapshot),
      onConnected: (connected) => (this.#feedUp = connected),
    });
  }

  #show(snapshot: Progress | undefined): void {
    if (snapshot === undefined || this.#closed) return;
    if (this.progress && snapshot.version < this.progress.version) return;
    // Failed assets that are tried again may be anywhere, not only where events reach.
    if (this.progress && snapshot.failed < this.progress.failed) this.listener?.onReload();
    this.progress = snapshot;
    count('progress updates');
    if (isFinal(snapshot)) {
      this.#feed?.close();
      this.#feed = null;
      this.#feedUp = true;
      // What the last messages said of skipped entries and of the state is read once more, in peace.
      if (this.library && !isFinal(this.library.progress)) nextFrame(() => void this.load());
    }
  }
}
