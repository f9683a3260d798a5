import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { bronzeEvents } from '@engine/medallion';
import type { WalkedSegment } from './chain-walk.js';
import { numbersOf, readAhead } from './scan-files.js';
import { ScannedRows } from './scanned-rows.js';
import { sqlFiles, sqlText } from './sql-text.js';
import { wholeText } from './repeated-texts.js';

/** A partition of bronze/events up to an offset of `stock-ticks`. */
export interface PartitionEvents {
  readonly partition: number;
  readonly segments: readonly WalkedSegment[];
  readonly end: number;
}

const time = (column: string): string => `CAST(epoch_us(${column}) AS DOUBLE)`;

/** As silver/ticks names what it takes over from bronze. */
const NUMBERS: Readonly<Record<string, string>> = {
  origin_partition: 'origin_partition',
  origin_offset: 'CAST(record_offset AS DOUBLE)',
  origin_index: 'CAST(record_index AS DOUBLE)',
  record_time: time('record_time'),
  event_time: time('event_time'),
  price: 'price',
  size: `coalesce(size, CAST('NaN' AS DOUBLE))`,
};
const TEXTS = ['symbol', 'side', 'trade_id', 'source'];

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
    const columns = [...Object.values(NUMBERS), ...TEXTS.map((name) => wholeText(name))];
    const result = await connection.stream(
      `SELECT ${columns.join(', ')} FROM (${events.join(' UNION ALL ')})
       WHERE symbol IN (${symbols.map(sqlText).join(', ')})
       ORDER BY event_time, origin_partition, record_offset, record_index`,
    );
    for await (const chunk of readAhead(result)) {
      const rows = chunk.rowCount;
      const numbers = Object.keys(NUMBERS).map(
        (name, at) => [name, numbersOf(chunk.getColumnVector(at) as never, rows)] as const,
      );
      const texts = TEXTS.map((name, at) => {
        const vector = chunk.getColumnVector(numbers.length + at);
        return [
          name,
          Array.from({ length: rows }, (_, row) => vector.getItem(row) as string | null),
        ] as const;
      });
      yield new ScannedRows(rows, new Map<string, Float64Array | (string | null)[]>([...numbers, ...texts]));
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
    `SELECT ${names.join(', ')}, CAST(${partition} AS DOUBLE) AS origin_partition FROM read_parquet(${sqlFiles(paths)})
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
