import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literalPath, sqlText } from './sql-text.js';

export interface DuckDbLimits {
  /** As DuckDB writes it, `128MB`. */
  readonly memoryLimit: string;
  readonly threads: number;
}

/** A database in memory that fetches nothing from anywhere and knows one time zone. */
export async function openDuckDb(
  limits: DuckDbLimits,
  temporaryFolder: string | undefined,
): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(limits.threads),
    memory_limit: limits.memoryLimit,
    temp_directory: temporaryFolder ?? '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // Segments are read once or change place; a cache of them would fill the memory limit for nothing.
    enable_external_file_cache: 'false',
  });
  await runOnce(instance, ["SET GLOBAL TimeZone = 'UTC'"]);
  return instance;
}

/**
 * Has the memory that is free returned to the system, which the C library keeps for the next large allocation: some 60 MiB after a
 * segment of 20,000 rows. DuckDB does it whenever its limit is set, also to what it is; in its own thread, in some milliseconds.
 */
export async function returnFreeMemory(connection: DuckDBConnection, memoryLimit: string): Promise<void> {
  await connection.run(`SET GLOBAL memory_limit = ${sqlText(memoryLimit)}`);
}

/** From here on only files of that folder can be read, and no setting changed: a user's SQL may come. */
export async function confine(instance: DuckDBInstance, folder: string): Promise<void> {
  // Paths are checked both as written in the SQL and as found on the disk.
  const allowed = [folder, literalPath(folder)].map((path) => sqlText(`${path}/`)).join(', ');
  await runOnce(instance, [
    `SET GLOBAL allowed_directories = [${allowed}]`,
    'SET GLOBAL enable_external_access = false',
    'SET GLOBAL lock_configuration = true',
  ]);
}

async function runOnce(instance: DuckDBInstance, statements: readonly string[]): Promise<void> {
  const connection = await instance.connect();
  try {
    for (const statement of statements) await connection.run(statement);
  } finally {
    connection.closeSync();
  }
}
