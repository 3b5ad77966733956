import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { api } from '../api/client';
import { ApiProblem } from '../api/problem';
import type { Progress } from '../api/types';
import type { TransportEvents } from '../progress/progressFeed';
import { importInBackground } from './backgroundImport';

vi.mock('../api/client', () => ({ api: { addLibrary: vi.fn(), assets: vi.fn() } }));

const snapshot = (version: number, status: Progress['status'], failed = 0) => ({ version, status, failed }) as Progress;

/** An import that is told of by one transport, which opens again when it ended. */
async function start() {
  const opened: TransportEvents[] = [];
  const running = { open: 0 };
  const leaving = new AbortController();
  const pictures: string[][] = [];
  const imported = importInBackground('/pictures', (urls) => pictures.push(urls), leaving.signal, () => [
    (events) => {
      opened.push(events);
      running.open++;
      return () => running.open--;
    },
  ]);
  imported.catch(() => undefined); // looked at later
  await vi.advanceTimersByTimeAsync(0);
  return { imported, leaving, pictures, opened, running, say: (told: Progress) => opened.at(-1)!.onSnapshot(told) };
}

/** Long after it: no transport is open or opened again, and no page is read. */
async function expectSilence({ opened, running }: Awaited<ReturnType<typeof start>>) {
  const [opens, reads] = [opened.length, vi.mocked(api.assets).mock.calls.length];
  await vi.advanceTimersByTimeAsync(120_000);
  expect(running.open).toBe(0);
  expect([opened.length, vi.mocked(api.assets).mock.calls.length]).toEqual([opens, reads]);
}

describe('importInBackground', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.mocked(api.addLibrary).mockResolvedValue({ library_id: '7' } as Awaited<ReturnType<typeof api.addLibrary>>);
    vi.mocked(api.assets).mockReset().mockResolvedValue({ items: [{ thumbnail_url: '/a' }, { thumbnail_url: null }] } as unknown as Awaited<ReturnType<typeof api.assets>>);
  });
  afterEach(() => void vi.useRealTimers());

  test('tells of the pictures, and ends when all is done and was shown', async () => {
    const run = await start();
    run.say(snapshot(1, 'in_progress'));
    await vi.advanceTimersByTimeAsync(0);
    run.say(snapshot(2, 'complete', 3));
    await vi.advanceTimersByTimeAsync(200);
    expect((await run.imported).failed).toBe(3);
    expect(run.pictures).toEqual([['/a', ''], ['/a', '']]);
    await expectSilence(run);
  });

  test('one that somebody cancels ends with these words', async () => {
    const run = await start();
    run.say(snapshot(1, 'cancelled'));
    await expect(run.imported).rejects.toThrow('The import was cancelled.');
    await expectSilence(run);
  });

  test('a page that is refused ends it and all of its questions', async () => {
    vi.mocked(api.assets).mockRejectedValue(new ApiProblem(404, 'Not found', 'There is no such library.'));
    const run = await start();
    run.say(snapshot(1, 'in_progress'));
    await expect(run.imported).rejects.toThrow('There is no such library.');
    await expectSilence(run);
  });

  test('a server that goes ends it; a connection that is lost does not', async () => {
    const run = await start();
    run.say(snapshot(1, 'in_progress'));
    run.opened[0]!.onEnd();
    await vi.advanceTimersByTimeAsync(5000);
    expect(run.opened.length).toBe(2);

    vi.mocked(api.assets).mockRejectedValue(new ApiProblem(0, 'Server gone', 'The server cannot be reached.'));
    run.opened[1]!.onEnd();
    run.opened.at(-1)!.onEnd();
    await vi.advanceTimersByTimeAsync(200);
    await expect(run.imported).rejects.toThrow('The server cannot be reached.');
    await expectSilence(run);
  });

  test('who leaves the page hears and asks no more', async () => {
    const run = await start();
    run.say(snapshot(1, 'in_progress'));
    await vi.advanceTimersByTimeAsync(0);
    run.say(snapshot(2, 'in_progress')); // a second read waits for its turn
    run.leaving.abort();
    await expect(run.imported).rejects.toThrow();
    await expectSilence(run);
    expect(run.pictures.length).toBe(1);
  });
});
