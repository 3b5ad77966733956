import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Progress } from '../api/types';
import { Backoff } from '../live/backoff';
import { ProgressFeed, type TransportEvents } from './progressFeed';

const snapshot = (version: number, status: Progress['status'] = 'in_progress') => ({ version, status }) as Progress;

function start() {
  const opened: { name: string; events: TransportEvents; stopped: boolean }[] = [];
  const versions: number[] = [];
  const connected: boolean[] = [];
  const transport = (name: string) => (events: TransportEvents) => {
    const entry = { name, events, stopped: false };
    opened.push(entry);
    return () => {
      entry.stopped = true;
    };
  };
  const feed = new ProgressFeed({
    transports: [transport('socket'), transport('stream'), transport('poll')],
    onSnapshot: (progress) => versions.push(progress.version),
    onConnected: (state) => connected.push(state),
    backoff: new Backoff(1000, 8000, () => 1),
  });
  return { feed, opened, versions, connected, names: () => opened.map((entry) => entry.name), latest: () => opened.at(-1)! };
}

describe('ProgressFeed', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('a socket that works is all there is', () => {
    const { latest, names, versions, connected } = start();
    latest().events.onSnapshot(snapshot(1));
    latest().events.onSnapshot(snapshot(2));
    expect(names()).toEqual(['socket']);
    expect(versions).toEqual([1, 2]);
    expect(connected).toEqual([true]);
  });

  test('falls back to the stream and then to polling', () => {
    const { latest, names, connected } = start();
    latest().events.onEnd();
    latest().events.onEnd();
    expect(names()).toEqual(['socket', 'stream', 'poll']);
    expect(connected).toEqual([]);
    latest().events.onSnapshot(snapshot(1));
    expect(connected).toEqual([true]);
  });

  test('nothing works: says so, waits, and starts again with the socket', () => {
    const { latest, names, connected } = start();
    for (let i = 0; i < 3; i++) latest().events.onEnd();
    expect(connected).toEqual([false]);
    vi.advanceTimersByTime(999);
    expect(names().length).toBe(3);
    vi.advanceTimersByTime(1);
    expect(names()[3]).toBe('socket');
  });

  test('a socket that breaks after working is tried again, not replaced', () => {
    const { latest, names, connected } = start();
    latest().events.onSnapshot(snapshot(1));
    latest().events.onEnd();
    vi.advanceTimersByTime(1000);
    expect(names()).toEqual(['socket', 'socket']);
    expect(connected).toEqual([true, false]);
  });

  test('older versions are dropped, a heartbeat of the same one passes', () => {
    const { latest, versions } = start();
    latest().events.onSnapshot(snapshot(5));
    latest().events.onSnapshot(snapshot(4));
    latest().events.onSnapshot(snapshot(5));
    expect(versions).toEqual([5, 5]);
  });

  test('the final snapshot ends it', () => {
    const { feed, opened, latest, names, versions, connected } = start();
    expect(feed.isOver).toBe(false);
    latest().events.onSnapshot(snapshot(9, 'complete'));
    expect(feed.isOver).toBe(true);
    expect(opened[0]!.stopped).toBe(true);
    latest().events.onEnd();
    vi.advanceTimersByTime(100_000);
    expect(names()).toEqual(['socket']);
    expect(versions).toEqual([9]);
    expect(connected).toEqual([true]);
  });

  test('silence counts as a loss', () => {
    const { opened, latest, names } = start();
    latest().events.onSnapshot(snapshot(1));
    vi.advanceTimersByTime(15_000);
    expect(opened[0]!.stopped).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(names()).toEqual(['socket', 'socket']);
  });

  test('polling goes back to the socket after a while', () => {
    const { latest, names } = start();
    latest().events.onEnd();
    latest().events.onEnd();
    for (let second = 0; second < 32; second++) {
      if (latest().name === 'poll') latest().events.onSnapshot(snapshot(second));
      vi.advanceTimersByTime(1000);
    }
    expect(names()).toEqual(['socket', 'stream', 'poll', 'socket']);
  });

  test('closed, it stops its transport', () => {
    const { feed, opened, names } = start();
    feed.close();
    expect(opened[0]!.stopped).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(names()).toEqual(['socket']);
  });
});
