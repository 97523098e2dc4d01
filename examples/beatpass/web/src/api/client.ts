// All that is asked of the server goes through here, on top of what the documents give.
import type { AxiosRequestConfig } from 'axios';
import { apiPost, axios, getCsrfToken } from './documented.js';

/** Where the server is: this very origin, or the host that the dev server is for. */
export const API: string = import.meta.env.VITE_API ?? '';

/** An address that the server gave, for `<img>` and `<audio>`. */
export const asset = (path: string): string => API + path;

/** A refusal: what the server said, by field where it names fields. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Record<string, string[]> = {},
  ) {
    super(message);
  }

  /** The first sentence about a field. */
  field(name: string): string | undefined {
    return this.fields[name]?.[0];
  }
}

/** Asks who it is once more when the server answers 423; true when that was proved. */
type Confirmer = () => Promise<boolean>;
let confirmer: Confirmer | null = null;
export const confirmBy = (ask: Confirmer | null): void => {
  confirmer = ask;
};

/** Makes sure that it was proved of late who it is; asks where it was not. False when that was cancelled. */
export async function isProved(): Promise<boolean> {
  const { confirmed } = await get<{ confirmed: boolean }>('/user/confirmed-password-status');
  return confirmed || (confirmer !== null && (await confirmer()));
}

/** Told when a session turns out to be over, or to wait for its second factor. */
type SignedOut = (isHalfIn: boolean) => void;
let onSignedOut: SignedOut = () => {};
export const whenSignedOut = (tell: SignedOut): void => {
  onSignedOut = tell;
};

/** Who it is that the server sees. What this says of a session needs no telling. */
export const WHO_PATH = '/api/user';

const SAFE = ['GET', 'HEAD'];

/** The CSRF cookie, fetched once before the first request that changes something. */
export async function csrfCookie(anew = false): Promise<void> {
  if (anew || !getCsrfToken()) {
    await axios.get(`${API}/sanctum/csrf-cookie`).catch((error: unknown) => {
      throw refusal(error);
    });
  }
}

function refusal(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (axios.isCancel(error)) {
    return new ApiError(0, 'CANCELLED', 'You stopped it.');
  }
  if (!axios.isAxiosError(error)) {
    return new ApiError(0, 'UNKNOWN', error instanceof Error ? error.message : 'Something went wrong.');
  }
  const answer = error.response;
  if (!answer) {
    return new ApiError(0, 'OFFLINE', 'The server cannot be reached. Check your connection and try again.');
  }
  const body: { message?: string; errors?: Record<string, string[]> } =
    typeof answer.data === 'object' && answer.data !== null ? answer.data : {};
  const message =
    saidOf(answer.status, Number(answer.headers['retry-after'])) ??
    (body.message || 'Something went wrong on our side. Try again in a moment.');
  return new ApiError(answer.status, String(answer.headers['x-adyton-code'] ?? ''), message, body.errors);
}

/** What is said here in other words than the server's. */
function saidOf(status: number, wait: number): string | undefined {
  if (status === 413) return 'That is larger than the server takes. Try a smaller file, or fewer words.';
  if (status === 429 && wait) return `Too many requests. Try again in ${wait} ${wait === 1 ? 'second' : 'seconds'}.`;
  return undefined;
}

/** Laravel's plain paginator writes beside the entries what its resources write into `meta`: here it is
    always in `meta`. */
export function paged(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || 'meta' in body) return body;
  if (!('data' in body) || !('current_page' in body)) return body;
  const { data, ...meta } = body;
  return { data, meta };
}

/** What was mended already for a request: each once. */
interface Mended {
  token?: boolean;
  proof?: boolean;
}

async function send<T>(config: AxiosRequestConfig, mended: Mended = {}): Promise<T> {
  const changes = !SAFE.includes(config.method ?? 'GET');
  try {
    if (changes) {
      await csrfCookie();
    }
    const token = changes ? { 'X-XSRF-TOKEN': getCsrfToken() ?? '' } : {};
    const headers = { Accept: 'application/json', ...token, ...config.headers };
    const answer = await axios.request<T>({ ...config, url: API + config.url, headers });
    return paged(answer.data) as T;
  } catch (error) {
    const refused = refusal(error);
    if (refused.status === 419 && !mended.token) {
      await csrfCookie(true);
      return send(config, { ...mended, token: true });
    }
    if (refused.status === 423 && !mended.proof && confirmer && (await confirmer())) {
      return send(config, { ...mended, proof: true });
    }
    if (refused.status === 401 && config.url !== WHO_PATH) {
      onSignedOut(refused.code === 'TWO_FACTOR_REQUIRED');
    }
    throw refused;
  }
}

export const get = <T>(url: string, params?: Record<string, unknown>): Promise<T> =>
  send<T>({ url, method: 'GET', params });
export const post = <T>(url: string, data: unknown = {}): Promise<T> => send<T>({ url, method: 'POST', data });
export const put = <T>(url: string, data: unknown = {}): Promise<T> => send<T>({ url, method: 'PUT', data });
/** Changes what is named and leaves the rest. */
export const patch = <T>(url: string, data: unknown = {}): Promise<T> => send<T>({ url, method: 'PATCH', data });
export const del = <T>(url: string, data: unknown = {}): Promise<T> => send<T>({ url, method: 'DELETE', data });

/** A refusal as a sentence that can be shown. */
export const sentence = (error: unknown): string =>
  error instanceof Error ? error.message : 'Something went wrong. Try again in a moment.';

/** What a refusal says by field. */
export const byField = (error: unknown): Record<string, string> =>
  error instanceof ApiError
    ? Object.fromEntries(Object.entries(error.fields).flatMap(([name, [first]]) => (first ? [[name, first]] : [])))
    : {};

/** Sends a form with files; `onProgress` is told how much of it has left, from 0 to 1. */
export const upload = <T>(
  method: 'POST' | 'PUT' | 'PATCH',
  url: string,
  data: FormData,
  onProgress: (part: number) => void,
  signal?: AbortSignal,
): Promise<T> =>
  send<T>({
    url,
    method,
    data,
    signal,
    onUploadProgress: (event) => onProgress(event.total ? event.loaded / event.total : 0),
  });

/** The documented call itself, for answers whose body says all there is to know. */
export async function plainPost<T>(path: string, data: unknown): Promise<T> {
  await csrfCookie();
  return (await apiPost(API + path, data)) as T;
}

/** Whatever went wrong, as a refusal. */
export const asRefusal = refusal;
