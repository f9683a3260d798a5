import { randomUUID } from 'node:crypto';
import type { ColumnType, TableSchema } from '@engine/medallion';
import type { MetaData, Protocol } from './delta-actions.js';

/** The lane's folder is `lane=<p>`, as Hive writes a partition: the column is in no file. */
export const LANE = 'lane';

const TYPES: Readonly<Record<ColumnType, string>> = {
  BIGINT: 'long',
  INTEGER: 'integer',
  DOUBLE: 'double',
  VARCHAR: 'string',
  BOOLEAN: 'boolean',
  // With a zone: µs, adjusted to UTC, as the files have it.
  TIMESTAMP: 'timestamp',
};

/** Parquet knows no column here that cannot be null. */
const field = (name: string, type: string): object => ({ name, type, nullable: true, metadata: {} });

export function schemaString({ columns }: TableSchema): string {
  const fields = Object.entries(columns).map(([name, type]) => field(name, TYPES[type]));
  return JSON.stringify({ type: 'struct', fields: [...fields, field(LANE, 'integer')] });
}

/**
 * Readers of any version; no writers but these. The feature is one that no other writer knows, and by the protocol it must
 * then leave the table alone: a vacuum would take floors and rows for litter.
 */
export const PROTOCOL: Protocol = {
  minReaderVersion: 1,
  minWriterVersion: 7,
  writerFeatures: ['financialAnalysisEngineChains'],
};

export const newMetaData = (table: TableSchema, nowMs: number): MetaData => ({
  id: randomUUID(),
  format: { provider: 'parquet', options: {} },
  schemaString: schemaString(table),
  partitionColumns: [LANE],
  configuration: {},
  createdTime: nowMs,
});

/** Columns only ever come to a table. Who knows fewer of them than the log, an older version, leaves them in it. */
export function hasColumnsOf({ schemaString: text }: MetaData, table: TableSchema): boolean {
  const { fields } = JSON.parse(text) as { fields: readonly { name: string }[] };
  const names = new Set(fields.map(({ name }) => name));
  return Object.keys(table.columns).every((name) => names.has(name));
}
