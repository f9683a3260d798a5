import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** More queries wait already than are let wait. */
export class TooManyQueriesError extends Error {
  readonly retriable = true;
  override readonly name = 'TooManyQueriesError';
  constructor(readonly waiting: number) {
    super(`${waiting} queries wait for the lake already: try again in a moment`);
  }
}

/**
 * A few connections for many queries. Each query under way keeps a thread of libuv's pool: too many of them at once and
 * every file and zlib call of the process waits for seconds.
 */
export class ConnectionPool {
  readonly #idle: DuckDBConnection[];
  readonly #waiting: ((connection: DuckDBConnection) => void)[] = [];

  private constructor(
    connections: DuckDBConnection[],
    private readonly maxWaiting: number,
  ) {
    this.#idle = connections;
  }

  static async open(instance: DuckDBInstance, size: number, maxWaiting: number): Promise<ConnectionPool> {
    const connections = await Promise.all(Array.from({ length: size }, () => instance.connect()));
    return new ConnectionPool(connections, maxWaiting);
  }

  /** Waits for a free connection, or throws `TooManyQueriesError`. It must be given back. */
  async take(): Promise<DuckDBConnection> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#waiting.length >= this.maxWaiting) throw new TooManyQueriesError(this.maxWaiting);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  giveBack(connection: DuckDBConnection): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(connection);
    else next(connection);
  }

  /** All must have been given back. */
  close(): void {
    for (const connection of this.#idle) connection.closeSync();
  }
}
