import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Backoff } from './backoff';
import { ReconnectingSocket, webSocketAt, type SocketLike } from './reconnectingSocket';

class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: string[] = [];
  closed = false;
  takesMessages = true;
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.closed = true;
    this.takesMessages = false;
  }
}

function start() {
  const sockets: FakeSocket[] = [];
  const connected: boolean[] = [];
  const messages: unknown[] = [];
  const socket = new ReconnectingSocket({
    open: () => {
      const fake = new FakeSocket();
      sockets.push(fake);
      return fake;
    },
    onMessage: (message) => messages.push(message),
    onConnected: (state) => connected.push(state),
    backoff: new Backoff(1000, 8000, () => 1),
  });
  const latest = () => sockets[sockets.length - 1]!;
  return { socket, sockets, connected, messages, latest };
}

describe('ReconnectingSocket', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('messages arrive as objects', () => {
    const { latest, messages } = start();
    latest().onopen?.();
    latest().onmessage?.({ data: '{"total":3}' });
    expect(messages).toEqual([{ total: 3 }]);
  });

  test('comes back after a loss, later each time, and at once after a success', () => {
    const { latest, sockets, connected } = start();
    latest().onopen?.();
    latest().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(999);
    expect(sockets.length).toBe(1);
    vi.advanceTimersByTime(1);
    expect(sockets.length).toBe(2);
    latest().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(1999);
    expect(sockets.length).toBe(2);
    vi.advanceTimersByTime(1);
    latest().onopen?.();
    latest().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(1000);
    expect(sockets.length).toBe(4);
    expect(connected).toEqual([true, false, false, true, false]);
  });

  test('hurry skips the pause once', () => {
    const { socket, latest, sockets } = start();
    latest().onclose?.({ code: 1006 });
    socket.hurry();
    expect(sockets.length).toBe(2);
    socket.hurry();
    expect(sockets.length).toBe(2);
  });

  test('closed from here stays closed', () => {
    const { socket, latest, sockets } = start();
    socket.close();
    latest().onclose?.({ code: 1000 });
    vi.advanceTimersByTime(60_000);
    expect(sockets.length).toBe(1);
    expect(latest().closed).toBe(true);
  });

  test('send says whether it went out', () => {
    const { socket, latest } = start();
    expect(socket.send({ visible: [1] })).toBe(false);
    latest().onopen?.();
    expect(socket.send({ visible: [1] })).toBe(true);
    expect(latest().sent).toEqual(['{"visible":[1]}']);
  });

  test('nothing is sent into a socket that is closing, by the server or from here', () => {
    const { socket, latest } = start();
    latest().onopen?.();
    latest().takesMessages = false; // the server's goodbye is in, and `onclose` has not been told yet
    expect(socket.send({ visible: [1] })).toBe(false);
    latest().takesMessages = true;
    socket.close();
    expect(socket.send({ visible: [1] })).toBe(false);
    expect(latest().sent).toEqual([]);
  });
});

describe('webSocketAt', () => {
  class BrowserSocket {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static latest: BrowserSocket;
    onopen: (() => void) | null = null;
    readyState = BrowserSocket.CONNECTING;
    closes = 0;
    constructor() {
      BrowserSocket.latest = this;
    }
    close() {
      this.closes++;
    }
    open() {
      this.readyState = BrowserSocket.OPEN;
      this.onopen?.();
    }
  }

  beforeEach(() => {
    vi.stubGlobal('WebSocket', BrowserSocket);
    vi.stubGlobal('location', { protocol: 'http:', host: 'localhost' });
  });
  afterEach(() => void vi.unstubAllGlobals());

  test('one that is closed before it is open closes when it is, without a word to who had it', () => {
    const socket = webSocketAt('/ws');
    let opened = false;
    socket.onopen = () => (opened = true);
    socket.close();
    expect(BrowserSocket.latest.closes).toBe(0);
    BrowserSocket.latest.open();
    expect(BrowserSocket.latest.closes).toBe(1);
    expect(opened).toBe(false);
  });

  test('one that is open closes at once', () => {
    const socket = webSocketAt('/ws');
    BrowserSocket.latest.open();
    socket.close();
    expect(BrowserSocket.latest.closes).toBe(1);
  });
});
