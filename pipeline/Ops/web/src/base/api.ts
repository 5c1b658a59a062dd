import { askForKey } from './key-dialog';
import { t } from './language';

/** A failed request: the server's problem details, or status 0 when the server was not reached. */
export class ApiError extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }

  /** Whether the same request may succeed later. */
  get mayPass(): boolean {
    return this.status === 0 || this.status > 500;
  }
}

const KeyName = 'ops-key';

/** The API key this tab was given; empty without one. */
export const knownKey = (): string => sessionStorage.getItem(KeyName) ?? '';

/** Returns a key other than the refused one: one entered in the meantime, or one that the user types now. */
export async function keyInsteadOf(refused: string): Promise<string> {
  if (knownKey() === refused) sessionStorage.setItem(KeyName, await askForKey(refused !== ''));
  return knownKey();
}

/** A request with the API key, when one is known; asks for it when the server wants one. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  for (;;) {
    const key = knownKey();
    const headers = new Headers(init.headers);
    if (key) headers.set('X-Api-Key', key);
    let response: Response;
    try {
      response = await fetch(path, { ...init, headers });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ApiError(0, 'not-reached', t('server.notReached'));
    }
    if (response.ok) return response;
    if (response.status === 401) {
      await keyInsteadOf(key);
      continue;
    }
    throw await problem(response);
  }
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await request(path, { signal })).json() as Promise<T>;
}

export async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const init = { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' }, signal };
  return (await request(path, init)).json() as Promise<T>;
}

async function problem(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const details = JSON.parse(text) as { code?: string; detail?: string; title?: string };
    return new ApiError(response.status, details.code ?? '', details.detail ?? details.title ?? text);
  } catch {
    return new ApiError(response.status, '', text || response.statusText);
  }
}
