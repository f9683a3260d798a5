import { existsSync } from 'node:fs';
import type { Feed, FeedRow, SentRows } from './feeds/feed.js';

/** By symbol the newest event time that silver has accepted, µs. */
export type NewestTimes = ReadonlyMap<string, number>;

/** What the lake holds; nothing where there is none. It may lag behind the log a little. */
export async function readNewestTimes(lakeFolder: string): Promise<NewestTimes> {
  if (!existsSync(lakeFolder)) return new Map();
  // Only whoever has a lake loads its database.
  const { LakeReader } = await import('@engine/lake');
  const lake = await LakeReader.open({ folder: lakeFolder });
  try {
    const rows = await lake.query(
      `SELECT symbol, CAST(epoch_us(max(event_time)) AS DOUBLE) AS newest FROM silver_ticks
       WHERE verdict = 'accepted' GROUP BY symbol`,
    );
    return new Map(rows.map(({ symbol, newest }) => [symbol as string, Number(newest)]));
  } finally {
    lake.close();
  }
}

export interface RowCounts {
  readonly rows: number;
  readonly late: number;
}

/** How many of the rows that are not sent yet silver would refuse as late because of what the lake holds. */
export async function countLateRows(
  feed: Feed,
  sent: SentRows,
  { newest, allowedLatenessUs }: { readonly newest: NewestTimes; readonly allowedLatenessUs: number },
  signal: AbortSignal,
): Promise<RowCounts> {
  const counts = { rows: 0, late: 0 };
  const isLate = ({ key, eventTimeUs }: FeedRow): boolean =>
    eventTimeUs !== null && eventTimeUs < (newest.get(key) ?? -Infinity) - allowedLatenessUs;
  // All rows count as sent, so that none waits for its time.
  for await (const rows of feed.batches({ newestRow: Infinity, has: () => false }, signal))
    for (const row of rows) {
      if (sent.has(row.key, row.row)) continue;
      counts.rows++;
      if (isLate(row)) counts.late++;
    }
  return counts;
}

export const lateRowsText = ({ rows, late }: RowCounts): string =>
  `${late} of ${rows} rows to send are older than what the lake has of their symbols, by more than ALLOWED_LATENESS_MS: silver ` +
  'will refuse them as late (bronze keeps them). Once they are loaded, stop the engine and run `engine backfill --layer silver ' +
  '--order event-time`: it makes a history of all ticks in the order of their time.';
