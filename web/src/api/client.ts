// One door to the JSON API: same-origin cookie, CSRF header on everything that writes.

export interface FieldError {
  field: string;
  message: string;
}

/** A refusal of the server (RFC 9457), or status 0 when it could not be reached at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly fields: FieldError[] = [],
    readonly requestId: string | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export type Query = Record<string, string | number | null | undefined>;

let csrfToken = '';

/** Called with the token that `GET /me` or a sign-in answered. */
export function useCsrfToken(token: string): void {
  csrfToken = token;
}

export function currentCsrfToken(): string {
  return csrfToken;
}

/** `path?a=1&b=2`, leaving out what is empty. */
export function withQuery(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

async function problemOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as {
    title?: string;
    detail?: string;
    errors?: FieldError[];
    request_id?: string;
  };
  const requestId = problem.request_id ?? response.headers.get('x-request-id');
  const message = problem.detail || problem.title || `The server answered ${response.status}.`;
  return new ApiError(response.status, message, problem.errors ?? [], requestId);
}

async function send<Answer>(method: string, path: string, init: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, { method, credentials: 'same-origin', ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'The server cannot be reached.');
  }
  if (!response.ok) {
    if (response.status === 401) document.dispatchEvent(new CustomEvent('session-ended'));
    throw await problemOf(response);
  }
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

export function get<Answer>(
  path: string,
  query: Query = {},
  signal?: AbortSignal,
): Promise<Answer> {
  const headers = { accept: 'application/json' };
  return send('GET', withQuery(path, query), { headers, ...(signal ? { signal } : {}) });
}

export function write<Answer>(
  method: 'POST' | 'PATCH',
  path: string,
  body: unknown = {},
): Promise<Answer> {
  const headers = new Headers({ accept: 'application/json', 'content-type': 'application/json' });
  if (csrfToken !== '') headers.set('x-csrf-token', csrfToken);
  return send(method, path, { headers, body: JSON.stringify(body) });
}
