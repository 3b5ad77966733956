import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { api } from '../api/client';
import type { Library, Progress } from '../api/types';
import { LibraryLive } from './libraryLive.svelte';

class FakeSocket {
  static readonly OPEN = 1;
  readyState = FakeSocket.OPEN;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  closed = false;
  constructor(readonly url: string) {
    sockets.push(this);
  }
  send() {}
  close() {
    this.closed = true;
  }
  says(message: unknown) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

let sockets: FakeSocket[] = [];
let frames: (() => void)[] = [];

const progress = (version: number, status: Progress['status']) => ({ version, status, failed: 0 }) as Progress;
const library = (version: number, status: Progress['status']) => ({ library_id: '7', progress: progress(version, status) }) as Library;
const feeds = () => sockets.filter((socket) => socket.url.includes('/ws/progress/'));
const events = () => sockets.find((socket) => socket.url.includes('/ws/events'))!;

function nextFrame() {
  const due = frames;
  frames = [];
  for (const callback of due) callback();
}

beforeEach(() => {
  sockets = [];
  frames = [];
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('location', { protocol: 'http:', host: 'here' });
  vi.stubGlobal('document', { hidden: false });
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('removeEventListener', () => {});
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function open(first: Library) {
  vi.spyOn(api, 'library').mockResolvedValue(first);
  const live = new LibraryLive('7');
  await live.load();
  return live;
}

test('a library that works again before its last snapshot was shown is listened to anew', async () => {
  const live = await open(library(1, 'in_progress'));
  expect(feeds().length).toBe(1);
  // Both come before the next frame, in which the events are applied first, as they were there first.
  events().says({ libraries: [library(3, 'in_progress')] });
  feeds()[0]!.says(progress(2, 'complete'));
  expect(feeds()[0]!.closed).toBe(true);
  nextFrame();
  expect(feeds().length).toBe(2);
  feeds()[1]!.says(progress(4, 'in_progress'));
  nextFrame();

  expect(live.progress).toEqual(progress(4, 'in_progress'));
  live.close();
  expect(feeds()[1]!.closed).toBe(true);
});

test('a library that works is listened to once, however often its facts are told', async () => {
  const live = await open(library(1, 'in_progress'));
  events().says({ libraries: [library(2, 'in_progress')] });
  nextFrame();
  events().says({ libraries: [library(3, 'in_progress')] });
  nextFrame();

  expect(feeds().length).toBe(1);
  expect(live.progress).toEqual(progress(3, 'in_progress'));
  live.close();
});

test('a library that is complete is not listened to until it works', async () => {
  const live = await open(library(1, 'complete'));
  expect(feeds().length).toBe(0);
  events().says({ libraries: [library(2, 'in_progress')] });
  nextFrame();

  expect(feeds().length).toBe(1);
  live.close();
});
