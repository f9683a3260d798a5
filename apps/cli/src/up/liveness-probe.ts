/** How often an app is asked, and how long it may take to answer. */
const INTERVAL_MS = 5_000;
const ANSWER_MS = 3_000;
/** Twice in a row: once may be the moment before it went on. */
const FAILURES = 2;

export interface ProbeTimes {
  readonly intervalMs: number;
  readonly answerMs: number;
}

/**
 * Asks an app's `/health/live` again and again, and tells once when it says that it is stalled. An app that gives no answer
 * is left alone: it may be starting, or busy on a busy machine, and if it has ended, its exit tells.
 */
export class LivenessProbe {
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #isStopped = false;

  constructor(
    private readonly url: string,
    private readonly onStalled: (reason: string) => void,
    private readonly times: ProbeTimes = { intervalMs: INTERVAL_MS, answerMs: ANSWER_MS },
  ) {}

  start(): void {
    this.#timer = setTimeout(() => void this.#probe(), this.times.intervalMs).unref();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #probe(): Promise<void> {
    const reason = await this.#reason();
    this.#failures = reason === undefined ? 0 : this.#failures + 1;
    if (this.#isStopped) return;
    if (reason !== undefined && this.#failures === FAILURES) this.onStalled(reason);
    else this.start();
  }

  /** undefined: it is live, or has not answered. */
  async #reason(): Promise<string | undefined> {
    try {
      const signal = AbortSignal.timeout(this.times.answerMs);
      const response = await fetch(`${this.url}/health/live`, { signal });
      return response.status === 503 ? reasonsIn(await response.text()) : undefined;
    } catch {
      return undefined;
    }
  }
}

/** What terminus' answer says of the checks that failed. */
function reasonsIn(body: string): string {
  const { error = {} } = JSON.parse(body) as { error?: Record<string, { reason?: string }> };
  return Object.values(error)
    .map(({ reason }) => reason ?? 'no reason given')
    .join('; ');
}
