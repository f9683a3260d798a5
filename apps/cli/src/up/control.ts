import { setTimeout as delay } from 'node:timers/promises';

import type { LaneStatus } from '@engine/contracts';

export interface FeedReport {
  readonly done: boolean;
  readonly sent: number;
  readonly skipped: number;
}

const POLL_MS = 50;
/** Before an app that could not answer is asked again. */
const RETRY_MS = 500;

/** The app cannot answer now: its broker is away, say, or it is just starting again. */
class NotNowError extends Error {}

/** Talks to the apps that `engine up` has started. */
export class ControlClient {
  constructor(
    private readonly token: string,
    private readonly signal: AbortSignal,
    /** Told why an answer is waited for. */
    private readonly say: (line: string) => void,
  ) {}

  feed(url: string): Promise<FeedReport> {
    return this.#request(`${url}/control/feed`, 'GET') as Promise<FeedReport>;
  }

  lanes(url: string): Promise<readonly LaneStatus[]> {
    return this.#request(`${url}/control/lanes`, 'GET') as Promise<readonly LaneStatus[]>;
  }

  /** Has silver close every window and bar that is still open. */
  async closeWindows(url: string): Promise<void> {
    // Closing twice closes nothing more.
    await this.#patiently(() => this.#request(`${url}/control/close`, 'POST'));
  }

  /** Whether the app can do its work now: nothing that failed is waiting to be tried again. */
  async isReady(url: string): Promise<boolean> {
    return (await this.#fetch(`${url}/health/ready`, {})).ok;
  }

  /** Asks until `done` says so, also an app that cannot answer for a while; rejects when we are stopped. */
  async until<T>(ask: () => Promise<T>, done: (answer: T) => boolean): Promise<T> {
    for (;;) {
      const answer = await this.#patiently(ask);
      if (done(answer)) return answer;
      await delay(POLL_MS, undefined, { signal: this.signal });
    }
  }

  /** Says once why it has to ask again. */
  async #patiently<T>(ask: () => Promise<T>): Promise<T> {
    for (let told = ''; ;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof NotNowError)) throw error;
        if (error.message !== told) this.say(`Waiting: ${error.message}`);
        told = error.message;
        await delay(RETRY_MS, undefined, { signal: this.signal });
      }
    }
  }

  async #request(url: string, method: 'GET' | 'POST'): Promise<unknown> {
    const response = await this.#fetch(url, { method, headers: { 'x-control-token': this.token } });
    const body = await response.text();
    if (response.status === 503) throw new NotNowError(`${method} ${url}: ${messageOf(body)}`);
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${body}`);
    return body === '' ? undefined : JSON.parse(body);
  }

  /** Whoever ended for good is told by its exit; until then somebody may be there again. */
  async #fetch(url: string, request: RequestInit): Promise<Response> {
    try {
      return await fetch(url, { ...request, signal: this.signal });
    } catch (error) {
      this.signal.throwIfAborted();
      throw new NotNowError(`${url} does not answer`, { cause: error });
    }
  }
}

/** As Nest words its errors. */
function messageOf(body: string): string {
  const { message } = JSON.parse(body) as { message?: unknown };
  return String(message);
}

/** All lanes are there, read to their end, and nothing is on its way. An app that is still restoring some names none. */
export function isDrained(lanes: readonly LaneStatus[]): boolean {
  return (
    lanes.length > 0 &&
    lanes.every(({ inputEnd, position, acknowledged }) => position === inputEnd && acknowledged)
  );
}
