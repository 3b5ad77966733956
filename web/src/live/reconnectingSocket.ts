import { Backoff } from './backoff';

export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  /** False as soon as either side closes it, which is before `onclose`. */
  readonly takesMessages: boolean;
  send(text: string): void;
  close(): void;
}

export interface ReconnectingSocketOptions {
  open: () => SocketLike;
  onMessage: (message: unknown) => void;
  /** Told true on each opening and false on each loss. */
  onConnected: (connected: boolean) => void;
  backoff?: Backoff;
}

/** One socket that comes back by itself, with growing pauses, until it is closed from here. */
export class ReconnectingSocket {
  readonly #options: ReconnectingSocketOptions;
  readonly #backoff: Backoff;
  #socket: SocketLike | null = null;
  #isOpen = false;
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ReconnectingSocketOptions) {
    this.#options = options;
    this.#backoff = options.backoff ?? new Backoff();
    this.#connect();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Sends now, or not at all: whoever needs the message to arrive sends it again when told of a connection. */
  send(message: unknown): boolean {
    if (!this.#isOpen || !this.#socket?.takesMessages) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Skips the pause, for when the browser says that the network is back. */
  hurry(): void {
    if (this.#closed || this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #connect(): void {
    this.#timer = undefined;
    const socket = this.#options.open();
    this.#socket = socket;
    socket.onopen = () => {
      if (this.#closed) return;
      this.#isOpen = true;
      this.#backoff.reset();
      this.#options.onConnected(true);
    };
    socket.onmessage = (event) => {
      if (!this.#closed && typeof event.data === 'string') this.#options.onMessage(JSON.parse(event.data));
    };
    socket.onclose = () => {
      if (this.#closed) return;
      this.#isOpen = false;
      this.#options.onConnected(false);
      this.#timer = setTimeout(() => this.#connect(), this.#backoff.next());
    };
  }
}

/** A socket to this server. */
export function webSocketAt(path: string): SocketLike {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(`${scheme}//${location.host}${path}`);
  const like: SocketLike = {
    onopen: null,
    onmessage: null,
    onclose: null,
    get takesMessages() {
      return socket.readyState === WebSocket.OPEN;
    },
    send: (text) => socket.send(text),
    close: () => {
      // Closed before it is open, the browser would note an error.
      if (socket.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close();
      else socket.close();
    },
  };
  socket.onopen = () => like.onopen?.();
  socket.onmessage = (event: MessageEvent<unknown>) => like.onmessage?.({ data: event.data });
  // An error is always followed by a close, which is where the socket is given up.
  socket.onclose = (event) => like.onclose?.({ code: event.code });
  return like;
}
