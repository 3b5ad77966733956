import { api } from '../api/client';
import { ProgressFeed, type Transport } from '../progress/progressFeed';
import { progressTransports } from '../progress/transports';

const largestPage = 500;
/** Between two reads of the page: in the grid events bring what changed, here asking must not take the processors from the import. */
const pauseMs = 200;

/** How an import ended: how many files failed, and when all was done by the page's clock. */
export interface EndedImport {
  failed: number;
  doneAt: number;
}

/** Forgets what an import before it took in, so that every one begins with nothing. */
export async function forgetImports(path: string): Promise<void> {
  for (const library of await api.libraries()) if (library.path === path) await api.forgetLibrary(library.library_id);
}

/**
 * Adds the folder as a library, as the screen's form does, and asks for its first page whenever its progress is told. Once it has ended, in whatever way,
 * nothing is asked for any more.
 * @param onPictures Gets the address of each file's picture, in the order in which the files were found; empty for one that cannot be shown yet.
 * @param signal Ends the watching, not the import.
 * @throws The server is gone, refuses, or somebody cancelled the import.
 */
export async function importInBackground(
  path: string,
  onPictures: (urls: string[]) => void,
  signal: AbortSignal,
  transportsOf: (id: string) => Transport[] = progressTransports,
): Promise<EndedImport> {
  const { library_id: id } = await api.addLibrary(path, '', false);
  signal.throwIfAborted();
  const ended = new AbortController();
  const look = pageReader(id, onPictures, ended.signal);
  let feed: ProgressFeed | undefined;
  try {
    return await new Promise<EndedImport>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: ended.signal });
      feed = new ProgressFeed({
        transports: transportsOf(id),
        onSnapshot: (snapshot) => {
          const doneAt = performance.now();
          if (snapshot.status === 'cancelled') reject(new Error('The import was cancelled.'));
          else if (snapshot.status === 'complete') look().then(() => resolve({ failed: snapshot.failed, doneAt }), reject);
          else look().catch(reject);
        },
        // Whether the server is gone is known when it is asked for something.
        onConnected: (connected) => {
          if (!connected) look().catch(reject);
        },
      });
    });
  } finally {
    ended.abort();
    feed?.close();
  }
}

/** Reads the first page each time it is called; calls that come while it does are answered by one more read. */
function pageReader(id: string, onPictures: (urls: string[]) => void, ended: AbortSignal): () => Promise<void> {
  let reading: Promise<void> | null = null;
  let stale = false;
  let isFirst = true;
  const read = async () => {
    while (stale) {
      // Until the first picture is there nothing is waited for.
      if (!isFirst) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      stale = false;
      ended.throwIfAborted();
      const page = await api.assets(id, { sort: 'added', order: 'asc', q: '' }, 0, largestPage, ended);
      isFirst &&= page.items.every((asset) => asset.thumbnail_url === null);
      ended.throwIfAborted();
      onPictures(page.items.map((asset) => asset.thumbnail_url ?? ''));
    }
  };
  return () => {
    stale = true;
    reading ??= read().finally(() => (reading = null));
    return reading;
  };
}
