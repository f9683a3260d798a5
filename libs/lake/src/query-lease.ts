import type { DuckDBConnection } from '@duckdb/node-api';
import type { ConnectionPool } from './connection-pool.js';

/** A query ran for longer than it may and was stopped. */
export class QueryTimeoutError extends Error {
  readonly retriable = false;
  override readonly name = 'QueryTimeoutError';
  constructor(readonly timeoutMs: number) {
    super(`The query was stopped after ${timeoutMs / 1000} s: ask for less, or give it more time`);
  }
}

/** A connection for one query, which is stopped when its time is over. */
export class QueryLease {
  #isOver = false;
  readonly #timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly pool: ConnectionPool,
    readonly connection: DuckDBConnection,
    private readonly timeoutMs: number | undefined,
  ) {
    if (timeoutMs !== undefined) this.#timer = setTimeout(this.#stop.bind(this), timeoutMs).unref();
  }

  /** Waits for a free connection; only then the time begins. undefined: as long as it takes. */
  static async take(pool: ConnectionPool, timeoutMs: number | undefined): Promise<QueryLease> {
    return new QueryLease(pool, await pool.take(), timeoutMs);
  }

  /** What the query yields; rejects with `QueryTimeoutError` when it was stopped. */
  async within<T>(work: Promise<T>): Promise<T> {
    const [outcome] = await Promise.allSettled([work]);
    // A result that is stopped between two of its chunks does not fail: it looks as if it had come to its end.
    if (this.#isOver) throw new QueryTimeoutError(this.timeoutMs ?? 0);
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  }

  release(): void {
    clearTimeout(this.#timer);
    this.pool.giveBack(this.connection);
  }

  #stop(): void {
    this.#isOver = true;
    this.connection.interrupt();
  }
}
