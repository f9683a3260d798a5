import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { StatementType } from '@duckdb/node-api';
import { messageOf } from './error-message.js';

/** A user's SQL was refused or has failed; the message is meant for the user. */
export class UserSqlError extends Error {
  readonly retriable = false;
  override readonly name = 'UserSqlError';
}

/**
 * Prepares a user's SQL if it is exactly one SELECT (or VALUES, FROM, DESCRIBE, SUMMARIZE, which DuckDB makes SELECTs
 * of). What it may read is the database's business; this is about what it may do.
 */
export async function prepareUserSelect(
  connection: DuckDBConnection,
  sql: string,
): Promise<DuckDBPreparedStatement> {
  await checkIsOneSelect(connection, sql);
  const statement = await explained(connection.prepare(sql));
  if (statement.statementType !== StatementType.SELECT)
    throw new UserSqlError(`Only SELECT is allowed, this is ${StatementType[statement.statementType]}.`);
  if (statement.parameterCount > 0) throw new UserSqlError('Parameters ($1, ?) are not supported.');
  return statement;
}

/** Parses and no more: to prepare an EXPORT DATABASE makes its folder already. */
async function checkIsOneSelect(connection: DuckDBConnection, sql: string): Promise<void> {
  const result = await connection.runAndReadAll(
    `SELECT parsed->>'error_type', parsed->>'error_message', json_array_length(parsed, '$.statements')::INTEGER
     FROM (SELECT json_serialize_sql($1::VARCHAR)::JSON AS parsed)`,
    [sql],
  );
  const [type, message, statements] = result.getRows()[0] as [string | null, string | null, number | null];
  if (type === 'parser') throw new UserSqlError(`The SQL cannot be parsed: ${message ?? ''}.`);
  if (type !== null)
    throw new UserSqlError('Only SELECT is allowed. (A PIVOT needs the values it turns into columns: IN.)');
  if (statements === 0) throw new UserSqlError('There is no statement.');
  if (statements !== 1)
    throw new UserSqlError(`Exactly one statement is wanted, these are ${statements ?? 'none'}.`);
}

/** Makes DuckDB's complaint the user's. */
export async function explained<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof UserSqlError) throw error;
    throw new UserSqlError(messageOf(error).trim(), { cause: error });
  }
}
