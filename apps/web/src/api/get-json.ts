import { ApiError } from './api-error.js';

/** More than any answer takes; a request that hangs for longer has failed. */
const TIMEOUT_MS = 20_000;

/** The JSON at a path of the API. Throws an `ApiError`; when `signal` ends the request, what the signal says. */
export async function getJson<T>(path: string, signal: AbortSignal): Promise<T> {
  const response = await answerOf(path, signal);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw ApiError.of(response.status, body);
  return body as T;
}

async function answerOf(path: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(path, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });
  } catch (error) {
    signal.throwIfAborted();
    throw new ApiError(
      error instanceof DOMException && error.name === 'TimeoutError'
        ? `The dashboard did not answer within ${TIMEOUT_MS / 1_000} s.`
        : 'The dashboard does not answer. Is the engine running?',
    );
  }
}

/** A path with its query; undefined parameters are left out. */
export function pathOf(
  path: string,
  parameters: Readonly<Record<string, string | number | undefined>>,
): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
