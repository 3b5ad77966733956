/** An error answer of the server (RFC 9457), or the lack of one. `message` says what is wrong and what to do. */
export class ApiProblem extends Error {
  /** HTTP status; 0 when the server could not be reached. */
  readonly status: number;
  readonly title: string;

  constructor(status: number, title: string, detail: string) {
    super(detail || title);
    this.name = 'ApiProblem';
    this.status = status;
    this.title = title;
  }

  /** True when asking again later may help without anyone doing anything. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

/** Reads whatever an error answer held: problem details, or anything else a proxy in between may send. */
export function toProblem(status: number, body: unknown): ApiProblem {
  const details: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {};
  const text = (key: string) => (typeof details[key] === 'string' ? details[key] : '');
  if (status === 401) return new ApiProblem(status, 'No access', 'Load the page again: it asks for the access token.');
  return new ApiProblem(status, text('title') || `The server answered ${status}`, text('detail'));
}

/** The text to show for anything that was thrown. */
export function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a page that goes on asking says of a load that failed: only a server that cannot be reached is gone, every other one has said why. */
export function describeRefresh(problem: ApiProblem): string {
  return problem.status === 0 ? 'Server gone, reconnecting…' : problem.message;
}

/** A page that answered where data were asked for: not the server's, but that of a proxy that wants a login, say. Null for everything else. */
export function foreignAnswerOrNull(response: Response): ApiProblem | null {
  if (!response.ok || !(response.headers.get('Content-Type') ?? '').startsWith('text/html')) return null;
  return new ApiProblem(502, 'Not the server', 'Something between this browser and the server answered in its place, such as a proxy that asks for a login. Load the page again.');
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
