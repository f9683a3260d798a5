import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { BIGINT, BOOLEAN, DOUBLE, SQLNULL, VARCHAR } from '@duckdb/node-api';

/** A value for a `?` or `$1`. An integer is bound as BIGINT, so that it compares with BIGINT columns as what it is. */
export type SelectParameter = string | number | boolean | null;

export interface BoundParameters {
  readonly values: DuckDBValue[];
  readonly types: DuckDBType[];
}

export function bindParameters(parameters: readonly SelectParameter[]): BoundParameters {
  const bound = parameters.map(bind);
  return { values: bound.map(({ value }) => value), types: bound.map(({ type }) => type) };
}

function bind(value: SelectParameter): { value: DuckDBValue; type: DuckDBType } {
  if (value === null) return { value, type: SQLNULL };
  if (typeof value === 'string') return { value, type: VARCHAR };
  if (typeof value === 'boolean') return { value, type: BOOLEAN };
  return Number.isSafeInteger(value) ? { value: BigInt(value), type: BIGINT } : { value, type: DOUBLE };
}
