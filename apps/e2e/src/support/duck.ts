import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Row, Value } from '@engine/oracle';

/** An in-memory DuckDB, UTC, one thread so that row order is file order. */
export class Duck {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {}

  static async open(): Promise<Duck> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    await connection.run("SET TimeZone='UTC'");
    return new Duck(instance, connection);
  }

  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  /** Rows as plain objects. BIGINT comes as number and must be exact; times must be asked for as epoch_us. */
  async rows<T extends object = Row>(sql: string): Promise<T[]> {
    const result = await this.connection.runAndReadAll(sql);
    return result.getRowObjectsJS().map((row) => mapValues(row) as T);
  }

  /** The single row of an answer. */
  async row<T extends object = Row>(sql: string): Promise<T> {
    const [row, ...more] = await this.rows<T>(sql);
    if (row === undefined || more.length > 0)
      throw new Error(`One row was wanted, ${more.length + 1} or none came`);
    return row;
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

/** Text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function mapValues(row: Record<string, unknown>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(name, value)]));
}

function plain(name: string, value: unknown): Value {
  if (typeof value === 'bigint') {
    const number = Number(value);
    if (!Number.isSafeInteger(number))
      throw new RangeError(`${name}: ${value.toString()} is not exact as a number`);
    return number;
  }
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  throw new TypeError(`${name}: cannot be read as a plain value`);
}
