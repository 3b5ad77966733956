import { parseRoute, type Route } from './route';

/** What an entry of the browser's history remembers besides its address. */
export interface EntryState {
  /** The first asset in view and how far it is scrolled under the upper edge. */
  grid?: { index: number; delta: number };
  /** The viewer was opened from the grid, so that going back closes it. */
  fromGrid?: boolean;
  /** Scroll position of a page that scrolls as a whole. */
  top?: number;
}

class Router {
  #url = $state.raw(new URL(location.href));
  readonly route: Route = $derived(parseRoute(this.#url));

  constructor() {
    history.scrollRestoration = 'manual';
    addEventListener('popstate', () => (this.#url = new URL(location.href)));
  }

  get state(): EntryState {
    return (history.state as EntryState | null) ?? {};
  }

  navigate(href: string, { replace = false, state = {} }: { replace?: boolean; state?: EntryState } = {}): void {
    const url = new URL(href, location.origin);
    if (this.#url.searchParams.has('debug')) url.searchParams.set('debug', '');
    history[replace ? 'replaceState' : 'pushState'](state, '', url);
    this.#url = url;
  }

  /** Remembers something with the current entry, for the return to it. */
  remember(state: EntryState): void {
    history.replaceState({ ...this.state, ...state }, '');
  }

  back(): void {
    history.back();
  }

  /** Takes over plain clicks on links into the screen; everything else stays the browser's. */
  readonly onClick = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return;
    const target = parseRoute(new URL(link.href));
    if (target.page === 'unknown') return;
    event.preventDefault();
    const here = this.route;
    const fromGrid = here.page === 'library' && here.assetId === null && target.page === 'library' && target.assetId !== null && here.libraryId === target.libraryId;
    this.navigate(link.href, { state: fromGrid ? { fromGrid } : {} });
  };
}

export const router = new Router();
