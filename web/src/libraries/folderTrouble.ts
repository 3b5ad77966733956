import type { Library } from '../api/types';
import { formatCount } from '../progress/figures';

export interface FolderTrouble {
  kind: 'offline' | 'missing' | 'timed';
  title: string;
  text: string;
}

/** What a person should know about a library's folder, the gravest first; null when all is well. */
export function folderTrouble(library: Pick<Library, 'path' | 'offline' | 'missing' | 'following'>): FolderTrouble | null {
  if (library.offline) {
    return {
      kind: 'offline',
      title: 'Offline.',
      text: `The folder ${library.path} ${library.offline.reason}. Nothing is removed, and everything goes on by itself when it is back.`,
    };
  }
  if (library.missing > 0) {
    return {
      kind: 'missing',
      title: `${formatCount(library.missing)} ${library.missing === 1 ? 'file is' : 'files are'} gone.`,
      text: 'That is more than half of the library, so they stay in it until you say that it is right. If the folder comes back, so do they.',
    };
  }
  if (library.following.mode === 'timed') {
    return { kind: 'timed', title: 'Scanned from time to time.', text: library.following.note ?? '' };
  }
  return null;
}
