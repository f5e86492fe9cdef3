// One door to the JSON API: same-origin cookie, CSRF header and an idempotency key on all that writes.

export interface FieldError {
  field: string;
  message: string;
}

interface ProblemDetails {
  fields: FieldError[];
  requestId: string | null;
  /** The last word of the problem's type: "second-factor". */
  kind: string;
  /** How long to wait before trying again, as the server says. */
  retryAfterSeconds: number | null;
}

/** A refusal of the server (RFC 9457), or status 0 when it could not be reached at all. */
export class ApiError extends Error {
  readonly fields: FieldError[];
  readonly requestId: string | null;
  readonly kind: string;
  readonly retryAfterSeconds: number | null;

  constructor(
    readonly status: number,
    message: string,
    details: Partial<ProblemDetails> = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.fields = details.fields ?? [];
    this.requestId = details.requestId ?? null;
    this.kind = details.kind ?? '';
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
  }
}

/** How much may be asked for: so many at once, which come back within the seconds. */
export interface RateLimit {
  atOnce: number;
  seconds: number;
}

export type Query = Record<string, string | number | null | undefined>;

const repeatAfterMs = 600;
const limits = new Map<string, RateLimit>();
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

/** "42 seconds", "3 minutes": how long to wait. */
function waitText(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

/** The limits that counted requests of this page, by name: "read.user". */
export const seenLimits = (): ReadonlyMap<string, RateLimit> => limits;

/** `"read.user";q=150;w=15, …` (draft-ietf-httpapi-ratelimit-headers). */
function noteLimits(response: Response): void {
  const policies = response.headers.get('ratelimit-policy') ?? '';
  for (const [, name, atOnce, seconds] of policies.matchAll(/"([^"]+)";q=(\d+);w=(\d+)/g)) {
    limits.set(name ?? '', { atOnce: Number(atOnce), seconds: Number(seconds) });
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as {
    type?: string;
    title?: string;
    detail?: string;
    errors?: FieldError[];
    request_id?: string;
  };
  const retryAfter = Number(response.headers.get('retry-after') ?? '');
  const retryAfterSeconds = retryAfter > 0 ? retryAfter : null;
  let message = problem.detail || problem.title || `The server answered ${response.status}.`;
  const saysWhen = /try again/i.test(message);
  if (response.status === 429 && retryAfterSeconds !== null && !saysWhen) {
    message = `${message.replace(/\.?$/, '.')} You can try again in ${waitText(retryAfterSeconds)}.`;
  }
  return new ApiError(response.status, message, {
    fields: problem.errors ?? [],
    requestId: problem.request_id ?? response.headers.get('x-request-id'),
    kind: problem.type?.split('/').at(-1) ?? '',
    retryAfterSeconds,
  });
}

async function reach(method: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`/api/v1${path}`, { method, credentials: 'same-origin', ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'The server cannot be reached.');
  }
}

async function answerOf<Answer>(response: Response): Promise<Answer> {
  noteLimits(response);
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.kind === 'unauthenticated') {
      document.dispatchEvent(new CustomEvent('session-ended'));
    }
    throw problem;
  }
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

export async function get<Answer>(
  path: string,
  query: Query = {},
  signal?: AbortSignal,
): Promise<Answer> {
  const headers = { accept: 'application/json' };
  const init = { headers, ...(signal ? { signal } : {}) };
  return answerOf(await reach('GET', withQuery(path, query), init));
}

/** A key nobody else uses; `crypto.randomUUID` is missing on plain-HTTP addresses of a local network. */
function freshKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A question that is too long for an address: nothing changes, so that it needs no key. */
export async function ask<Answer>(
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
  const headers = new Headers({ accept: 'application/json', 'content-type': 'application/json' });
  if (csrfToken !== '') headers.set('x-csrf-token', csrfToken);
  const init = { headers, body: JSON.stringify(body), ...(signal ? { signal } : {}) };
  return answerOf(await reach('POST', path, init));
}

/**
 * A write. When no answer arrives it is repeated once under the same key: the server then does it
 * if it had not, and answers what it answered if it had.
 */
export async function write<Answer>(
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body: unknown = {},
): Promise<Answer> {
  const headers = new Headers({ accept: 'application/json', 'idempotency-key': freshKey() });
  if (csrfToken !== '') headers.set('x-csrf-token', csrfToken);
  const init: RequestInit = { headers };
  if (method !== 'DELETE') {
    headers.set('content-type', 'application/json');
    init.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await reach(method, path, init);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    await new Promise((done) => setTimeout(done, repeatAfterMs));
    response = await reach(method, path, init);
  }
  return answerOf(response);
}
