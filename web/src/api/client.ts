import createClient from 'openapi-fetch';
import { count, countPanel } from '../app/debug.svelte';
import { panelOf } from './panelOf';
import { ApiProblem, foreignAnswerOrNull, isAbort, toProblem } from './problem';
import type { paths } from './schema';
import type { Readiness } from './types';

const client = createClient<paths>({
  baseUrl: '/',
  fetch: async (request) => {
    const panel = panelOf(new URL(request.url).pathname);
    count('requests');
    countPanel(panel, 'requests');
    let response: Response;
    try {
      response = await fetch(request);
    } catch (error) {
      if (isAbort(error)) {
        count('requests cancelled');
        throw error;
      }
      throw new ApiProblem(0, 'Server gone', 'The server cannot be reached.');
    }
    if (response.status === 304) countPanel(panel, 'hits');
    const foreign = foreignAnswerOrNull(response);
    if (foreign) throw foreign;
    return response;
  },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Waits for the answer; throws {@link ApiProblem} for an error answer and when the server is gone. */
async function expectData<T>(pending: Promise<Answer<T>>): Promise<NonNullable<T>> {
  const { data, error, response } = await pending;
  if (!response.ok) throw toProblem(response.status, error);
  if (data === undefined || data === null) throw new ApiProblem(response.status, 'Empty answer', 'The server answered without content.');
  return data;
}

async function expectSuccess(pending: Promise<Answer<unknown>>): Promise<void> {
  const { error, response } = await pending;
  if (!response.ok) throw toProblem(response.status, error);
}

type AssetParameters = NonNullable<paths['/api/libraries/{id}/assets']['get']['parameters']['query']>;

export interface AssetQuery {
  sort: NonNullable<AssetParameters['sort']>;
  order: NonNullable<AssetParameters['order']>;
  q: string;
  seed?: number;
}

export const api = {
  libraries: () => expectData(client.GET('/api/libraries')).then((list) => list.items),
  library: (id: string) => expectData(client.GET('/api/libraries/{id}', { params: { path: { id } } })),
  addLibrary: (path: string, name: string, includeHidden: boolean) =>
    expectData(client.POST('/api/libraries', { body: { path, include_hidden: includeHidden, ...(name ? { name } : {}) } })),
  forgetLibrary: (id: string) => expectSuccess(client.DELETE('/api/libraries/{id}', { params: { path: { id } } })),
  /** @param confirmRemoval Files that are gone are removed, however many they are. */
  scan: (id: string, confirmRemoval = false) =>
    expectSuccess(client.POST('/api/libraries/{id}/scan', { params: { path: { id } }, body: { confirm_removal: confirmRemoval } })),
  pause: (id: string) => expectSuccess(client.POST('/api/libraries/{id}/pause', { params: { path: { id } } })),
  resume: (id: string) => expectSuccess(client.POST('/api/libraries/{id}/resume', { params: { path: { id } } })),
  cancel: (id: string) => expectSuccess(client.POST('/api/libraries/{id}/cancel', { params: { path: { id } } })),
  /** All failed assets of a library, or those that failed for one reason. */
  retryFailed: (id: string, reason?: string) =>
    expectData(client.POST('/api/libraries/{id}/retry-failed', { params: { path: { id }, query: reason === undefined ? {} : { reason } } })),

  assets: (id: string, query: AssetQuery, offset: number, limit: number, signal?: AbortSignal) =>
    expectData(client.GET('/api/libraries/{id}/assets', { params: { path: { id }, query: { offset, limit, ...query } }, signal: signal ?? null })),
  asset: (id: number, signal?: AbortSignal) => expectData(client.GET('/api/assets/{id}', { params: { path: { id } }, signal: signal ?? null })),
  similar: (id: number, limit: number) => expectData(client.GET('/api/assets/{id}/similar', { params: { path: { id }, query: { limit } } })),
  retryAsset: (id: number) => expectSuccess(client.POST('/api/assets/{id}/retry', { params: { path: { id } } })),

  tags: (q: string, limit: number) => expectData(client.GET('/api/tags', { params: { query: { q, limit } } })).then((list) => list.items),
  assetTags: (id: number) => expectData(client.GET('/api/assets/{id}/tags', { params: { path: { id } } })).then((list) => list.items),
  addTags: (id: number, names: string[]) => expectData(client.POST('/api/assets/{id}/tags', { params: { path: { id } }, body: { names } })).then((list) => list.items),
  removeTag: (id: number, name: string) =>
    expectData(client.DELETE('/api/assets/{id}/tags', { params: { path: { id }, query: { name } } })).then((list) => list.items),

  stats: () => expectData(client.GET('/api/stats')),
  ready: () =>
    client.GET('/api/ready').then(({ data, error, response }) => {
      const answer: unknown = data ?? error;
      if (typeof answer === 'object' && answer !== null && 'features' in answer) return answer as Readiness; // 503 says what is not ready, too
      throw toProblem(response.status, answer);
    }),

  failures: (library: string, reason: string, offset: number, limit: number) =>
    expectData(client.GET('/api/failures', { params: { query: { library, reason, offset, limit } } })),
  /** What the last scan skipped. */
  skipped: (library: string) => expectData(client.GET('/api/failures', { params: { query: { library, limit: 1 } } })).then((page) => page.skipped),
  failureReasons: (library: string) => expectData(client.GET('/api/failures/reasons', { params: { query: { library } } })),

  workers: () => expectData(client.GET('/api/workers')).then((list) => list.items),
  jobs: () => expectData(client.GET('/api/jobs')).then((list) => list.items),
  job: (name: string) => expectData(client.GET('/api/jobs/{name}', { params: { path: { name } } })),
  changeJob: (name: string, verb: 'cancel' | 'pause' | 'resume') => expectData(client.POST(`/api/jobs/{name}/${verb}`, { params: { path: { name } } })),

  progress: (id: string) => expectData(client.GET('/api/progress/{id}', { params: { path: { id } } })),
};
