import { setTimeout as delay } from 'node:timers/promises';

import type { LaneStatus } from '@engine/contracts';

export interface FeedReport {
  readonly done: boolean;
  readonly sent: number;
  readonly skipped: number;
}

const POLL_MS = 50;

/** Talks to the apps that `engine up` has started. */
export class ControlClient {
  constructor(
    private readonly token: string,
    private readonly signal: AbortSignal,
  ) {}

  feed(url: string): Promise<FeedReport> {
    return this.#request(`${url}/control/feed`, 'GET') as Promise<FeedReport>;
  }

  lanes(url: string): Promise<readonly LaneStatus[]> {
    return this.#request(`${url}/control/lanes`, 'GET') as Promise<readonly LaneStatus[]>;
  }

  /** Has silver close every window and bar that is still open. */
  async closeWindows(url: string): Promise<void> {
    await this.#request(`${url}/control/close`, 'POST');
  }

  /** Whether the app can do its work now: nothing that failed is waiting to be tried again. */
  async isReady(url: string): Promise<boolean> {
    return (await fetch(`${url}/health/ready`, { signal: this.signal })).ok;
  }

  /** Asks until `done` says so; rejects when we are stopped. */
  async until<T>(ask: () => Promise<T>, done: (answer: T) => boolean): Promise<T> {
    for (;;) {
      const answer = await ask();
      if (done(answer)) return answer;
      await delay(POLL_MS, undefined, { signal: this.signal });
    }
  }

  async #request(url: string, method: 'GET' | 'POST'): Promise<unknown> {
    const response = await fetch(url, {
      method,
      headers: { 'x-control-token': this.token },
      signal: this.signal,
    });
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
    const body = await response.text();
    return body === '' ? undefined : JSON.parse(body);
  }
}

/** All lanes are there, read to their end, and nothing is on its way. An app that is still restoring some names none. */
export function isDrained(lanes: readonly LaneStatus[]): boolean {
  return (
    lanes.length > 0 &&
    lanes.every(({ inputEnd, position, acknowledged }) => position === inputEnd && acknowledged)
  );
}
