import { ApiProblem, isAbort, toProblem } from '../api/problem';

/** The folder that `vitrine demo --compare` has imported two ways. These two answers exist under that command only, and so not in the OpenAPI document. */
export interface ComparedFolder {
  path: string;
  /** Pictures and models in it. */
  files: number;
}

export interface ForegroundImport {
  files: number;
  failed: number;
  /** WebP as base64, one for each file that has a picture. */
  thumbnails: string[];
}

const address = '/api/compare';

/** Null where nothing is compared. */
export async function comparedFolder(): Promise<ComparedFolder | null> {
  const response = await ask('GET');
  if (response.status === 404) return null;
  return read<ComparedFolder>(response);
}

/** One request that is answered when every file was decoded. Aborted, nothing more is decoded for it. */
export async function importInForeground(signal: AbortSignal): Promise<ForegroundImport> {
  return read<ForegroundImport>(await ask('POST', signal));
}

async function ask(method: string, signal: AbortSignal | null = null): Promise<Response> {
  try {
    return await fetch(address, { method, signal });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiProblem(0, 'Server gone', 'The server cannot be reached.');
  }
}

async function read<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok || body === null) throw toProblem(response.status, body);
  return body as T;
}
