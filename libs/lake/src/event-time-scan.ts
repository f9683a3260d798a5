import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { bronzeEvents } from '@engine/medallion';
import type { ColumnType } from '@engine/medallion';
import type { WalkedSegment } from './chain-walk.js';
import { numbersOf, textsOf } from './chunk-columns.js';
import { sqlType } from './column-sql.js';
import { readAhead } from './scan-files.js';
import { ScannedRows } from './scanned-rows.js';
import { sqlFiles, sqlText } from './sql-text.js';

/** A partition of bronze/events up to an offset of `stock-ticks`. */
export interface PartitionEvents {
  readonly partition: number;
  readonly segments: readonly WalkedSegment[];
  readonly end: number;
}

/** As silver/ticks names what it takes over from bronze. */
const COLUMNS: Readonly<Record<string, readonly [column: string, type: ColumnType]>> = {
  origin_partition: ['origin_partition', 'INTEGER'],
  origin_offset: ['record_offset', 'BIGINT'],
  origin_index: ['record_index', 'INTEGER'],
  record_time: ['record_time', 'TIMESTAMP'],
  event_time: ['event_time', 'TIMESTAMP'],
  price: ['price', 'DOUBLE'],
  size: ['size', 'DOUBLE'],
  symbol: ['symbol', 'VARCHAR'],
  side: ['side', 'VARCHAR'],
  trade_id: ['trade_id', 'VARCHAR'],
  source: ['source', 'VARCHAR'],
};

/**
 * What bronze accepted for one lane, by event time; ticks of the same time by partition, offset and index. A database sorts
 * them, on the disk where they do not fit into memory.
 */
export async function* scanByEventTime(
  instance: DuckDBInstance,
  partitions: readonly PartitionEvents[],
  isOfLane: (symbol: string) => boolean,
): AsyncGenerator<ScannedRows, void> {
  const events = partitions.flatMap(eventsSql);
  if (events.length === 0) return;
  const connection = await instance.connect();
  try {
    const symbols = (await symbolsOf(connection, events)).filter(isOfLane);
    if (symbols.length === 0) return;
    const columns = Object.values(COLUMNS).map(([column, type]) => `CAST(${column} AS ${sqlType(type)})`);
    const result = await connection.stream(
      `SELECT ${columns.join(', ')} FROM (${events.join(' UNION ALL ')})
       WHERE symbol IN (${symbols.map(sqlText).join(', ')})
       ORDER BY event_time, origin_partition, record_offset, record_index`,
    );
    for await (const chunk of readAhead(result)) {
      const read = Object.entries(COLUMNS).map(
        ([name, [, type]], at) =>
          [name, type === 'VARCHAR' ? textsOf(chunk, at) : numbersOf(chunk, at, type)] as const,
      );
      yield new ScannedRows(chunk.rowCount, new Map(read));
    }
  } finally {
    connection.closeSync();
  }
}

function eventsSql({ partition, segments, end }: PartitionEvents): string[] {
  const paths = segments.filter(({ footer }) => footer.rows > 0).map(({ path }) => path);
  if (paths.length === 0) return [];
  const names = Object.keys(bronzeEvents.columns).filter((name) => name !== 'raw' && name !== 'key');
  return [
    `SELECT ${names.join(', ')}, CAST(${partition} AS INTEGER) AS origin_partition FROM read_parquet(${sqlFiles(paths)})
     WHERE verdict = 'accepted' AND record_offset < ${end}`,
  ];
}

async function symbolsOf(
  connection: DuckDBConnection,
  events: readonly string[],
): Promise<readonly string[]> {
  const read = await connection.runAndReadAll(
    `SELECT DISTINCT symbol FROM (${events.join(' UNION ALL ')}) ORDER BY symbol`,
  );
  return (read.getRows() as [string][]).map(([symbol]) => symbol);
}
