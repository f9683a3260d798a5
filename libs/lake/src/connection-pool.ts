import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/**
 * A few connections for many queries. Each query under way keeps a thread of libuv's pool: too many of them at once and
 * every file and zlib call of the process waits for seconds.
 */
export class ConnectionPool {
  readonly #idle: DuckDBConnection[];
  readonly #waiting: ((connection: DuckDBConnection) => void)[] = [];

  private constructor(connections: DuckDBConnection[]) {
    this.#idle = connections;
  }

  static async open(instance: DuckDBInstance, size: number): Promise<ConnectionPool> {
    return new ConnectionPool(await Promise.all(Array.from({ length: size }, () => instance.connect())));
  }

  /** Waits for a free connection. It must be given back. */
  async take(): Promise<DuckDBConnection> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
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
