import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlFiles, sqlName, sqlText } from '../sql-text.js';
import type { DeltaAction } from './delta-actions.js';

const MAP = 'MAP(VARCHAR, VARCHAR)';

/** The columns of a checkpoint, by the protocol; a list in brackets. */
const COLUMNS = {
  add: {
    path: 'VARCHAR',
    partitionValues: MAP,
    size: 'BIGINT',
    modificationTime: 'BIGINT',
    dataChange: 'BOOLEAN',
    stats: 'VARCHAR',
  },
  remove: {
    path: 'VARCHAR',
    deletionTimestamp: 'BIGINT',
    dataChange: 'BOOLEAN',
    extendedFileMetadata: 'BOOLEAN',
    partitionValues: MAP,
    size: 'BIGINT',
  },
  metaData: {
    id: 'VARCHAR',
    format: { provider: 'VARCHAR', options: MAP },
    schemaString: 'VARCHAR',
    partitionColumns: ['VARCHAR'],
    configuration: MAP,
    createdTime: 'BIGINT',
  },
  protocol: { minReaderVersion: 'INTEGER', minWriterVersion: 'INTEGER', writerFeatures: ['VARCHAR'] },
} as const;

/** Makes a checkpoint of these actions, at `path` and not yet synced. */
export async function writeCheckpoint(
  connection: DuckDBConnection,
  actions: readonly DeltaAction[],
  path: string,
): Promise<void> {
  // In one text: the reader of JSON files sets 32 MiB aside.
  const rows = `from_json(${sqlText(JSON.stringify(actions))}, ${sqlText(JSON.stringify([COLUMNS]))})`;
  const names = Object.keys(COLUMNS).map((name) => `action.${sqlName(name)}`);
  const select = `SELECT ${names.join(', ')} FROM (SELECT unnest(${rows}) AS action)`;
  await connection.run(`COPY (${select}) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION snappy)`);
}

/** The actions in a checkpoint. */
export async function readCheckpoint(
  connection: DuckDBConnection,
  path: string,
): Promise<readonly DeltaAction[]> {
  const names = Object.keys(COLUMNS);
  const found = await connection.runAndReadAll(
    `SELECT ${names.map((name) => `CAST(to_json(${sqlName(name)}) AS VARCHAR)`).join(', ')} FROM read_parquet(${sqlFiles([path])})`,
  );
  return found.getRows().map((row): DeltaAction => {
    const parts = names.flatMap((name, at): [string, unknown][] => {
      const value = row[at];
      return typeof value === 'string' && value !== 'null' ? [[name, JSON.parse(value)]] : [];
    });
    return Object.fromEntries(parts);
  });
}
