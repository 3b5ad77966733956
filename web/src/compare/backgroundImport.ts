import { api } from '../api/client';
import { ProgressFeed } from '../progress/progressFeed';
import { progressTransports } from '../progress/transports';

const largestPage = 500;
/** Between two reads of the page: in the grid events bring what changed, here asking must not take the processors from the import. */
const pauseMs = 200;

/** Forgets what an import before it took in, so that every one begins with nothing. */
export async function forgetImports(path: string): Promise<void> {
  for (const library of await api.libraries()) if (library.path === path) await api.forgetLibrary(library.library_id);
}

/**
 * Adds the folder as a library, as the screen's form does, and asks for its first page whenever its progress is told.
 * @param onPictures Gets the address of each file's picture, in the order in which the files were found; empty for one that cannot be shown yet.
 * @returns How many files failed, and when all was done by the page's clock.
 */
export async function importInBackground(path: string, onPictures: (urls: string[]) => void): Promise<{ failed: number; doneAt: number }> {
  const { library_id: id } = await api.addLibrary(path, '', false);
  let reading: Promise<void> | null = null;
  let stale = false;
  let isFirst = true;
  const look = (): Promise<void> => {
    stale = true;
    reading ??= (async () => {
      while (stale) {
        // Until the first picture is there nothing is waited for.
        if (!isFirst) await new Promise((resolve) => setTimeout(resolve, pauseMs));
        stale = false;
        const page = await api.assets(id, { sort: 'added', order: 'asc', q: '' }, 0, largestPage);
        isFirst &&= page.items.every((asset) => asset.thumbnail_url === null);
        onPictures(page.items.map((asset) => asset.thumbnail_url ?? ''));
      }
    })().finally(() => (reading = null));
    return reading;
  };
  return new Promise((resolve, reject) => {
    new ProgressFeed({
      transports: progressTransports(id),
      onSnapshot: (snapshot) => {
        const seen = look();
        seen.catch(reject);
        if (snapshot.status !== 'complete') return;
        const doneAt = performance.now();
        seen.then(() => resolve({ failed: snapshot.failed, doneAt }), reject);
      },
      onConnected: () => undefined,
    });
  });
}
