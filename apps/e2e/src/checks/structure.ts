import type { OracleSettings, Row } from '@engine/oracle';
import { literal } from '../support/duck.js';
import type { Lake } from '../support/lake.js';
import { lakeTableNames, lakeTables } from '../support/lake-tables.js';
import type { LakeTable } from '../support/lake-tables.js';
import { strayFiles } from '../support/lake-walk.js';
import { contentsOf } from './content.js';
import { laneOf } from '@engine/oracle';

/** What must hold of every lake whatever went in; empty when it does. `settings` are those it was made with. */
export async function structuralProblems(lake: Lake, settings: OracleSettings, lanes = 4): Promise<string[]> {
  const problems: string[] = [];
  for (const table of lakeTableNames) problems.push(...(await fileProblems(lake, table)));
  for (const [what, sql] of Object.entries(forbidden(settings))) {
    const rows = await lake.duck.rows(`${sql} LIMIT 3`);
    problems.push(...rows.map((row) => `${what}: ${JSON.stringify(row)}`));
  }
  return [...problems, ...(await misplacedSymbols(lake, lanes))];
}

async function fileProblems(lake: Lake, table: LakeTable): Promise<string[]> {
  const segments = lake.segments(table);
  const problems = (await strayFiles(lake.duck, lake.folder, table)).map(
    (file) => `${table}: ${file} is beyond the chain`,
  );
  const contents = await contentsOf(
    lake.duck,
    segments.map(({ file }) => file),
  );
  for (const { file, rows, content } of segments) {
    const found = contents.get(file);
    if (found?.rows !== rows) problems.push(`${file}: ${found?.rows} rows, its footer says ${rows}`);
    if (found?.content !== content)
      problems.push(`${file}: content is ${found?.content}, its footer says ${content}`);
  }
  const last = segments.at(-1);
  return last === undefined ? problems : [...problems, ...(await columnProblems(lake, table, last.file))];
}

async function columnProblems(lake: Lake, table: LakeTable, file: string): Promise<string[]> {
  const described = await lake.duck.rows<{ column_name: string; column_type: string }>(
    `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(${literal(file)}, hive_partitioning = false))`,
  );
  return Object.entries(lakeTables[table]).flatMap(([name, type], at) => {
    const found = described[at];
    if (found?.column_name === name && found.column_type === type) return [];
    return [`${table}: column ${at + 1} is ${JSON.stringify(found)}, the contract says ${name} ${type}`];
  });
}

/** Answers that must be empty, by what a row in them would mean. */
function forbidden({ allowedLatenessUs, intervals }: OracleSettings): Record<string, string> {
  const lengths = Object.entries(intervals).map(([name, us]) => `('${name}', ${us})`);
  const origin = 'origin_partition, origin_offset, origin_index';
  return {
    'bronze: a row twice': twice('bronze_events', 'lane, record_offset, record_index'),
    'bronze: a record is missing': `
      SELECT lane, count(DISTINCT record_offset) AS records, max(record_offset) AS last FROM bronze_events
      GROUP BY lane HAVING records <> last + 1`,
    'bronze: an element of a record is missing': `
      SELECT lane, record_offset, count(*) AS rows, max(record_index) AS last FROM bronze_events
      GROUP BY ALL HAVING rows <> last + 1`,
    'bronze: raw belongs to index 0, and to no other': `
      SELECT lane, record_offset, record_index FROM bronze_events WHERE record_index > 0 AND raw IS NOT NULL`,
    'bronze: a reason where it was accepted, or none where it was not': `
      SELECT lane, record_offset, verdict, reason FROM bronze_events
      WHERE verdict NOT IN ('accepted', 'invalid') OR (verdict = 'invalid') <> (reason IS NOT NULL)`,
    'silver: a row twice': twice('silver_ticks', 'lane, lane_offset, lane_index'),
    'silver: a tick of bronze twice': twice('silver_ticks', origin),
    'ledger: accepted by bronze and not the same in silver': `
      SELECT * FROM (
        SELECT lane AS origin_partition, record_offset AS origin_offset, record_index AS origin_index,
          symbol, event_time, price, size, side, trade_id, source FROM bronze_events WHERE verdict = 'accepted'
        EXCEPT ALL SELECT ${origin}, symbol, event_time, price, size, side, trade_id, source FROM silver_ticks)`,
    'ledger: in silver and not accepted by bronze': `
      SELECT * FROM (
        SELECT ${origin} FROM silver_ticks
        EXCEPT ALL SELECT lane, record_offset, record_index FROM bronze_events WHERE verdict = 'accepted')`,
    'silver: a refused tick with features, or an accepted one without an order': `
      SELECT lane, lane_offset, lane_index, verdict FROM silver_ticks
      WHERE (verdict = 'accepted') <> (in_order IS NOT NULL)
        OR (in_order IS NOT TRUE AND (sma IS NOT NULL OR volatility IS NOT NULL OR log_return IS NOT NULL))`,
    'windows: a revision twice': twice('silver_windows', 'symbol, window_start, revision'),
    'windows: a revision is missing': missingRevision('silver_windows', 'symbol, window_start'),
    'bars: a revision twice': twice('gold_bars', 'symbol, interval, start, revision'),
    'bars: a revision is missing': missingRevision('gold_bars', 'symbol, interval, start'),
    'bars: closed before the lane clock had passed end + lateness': `
      SELECT symbol, interval, start, revision, closed_at
      FROM gold_bars JOIN (VALUES ${lengths.join(', ')}) AS lengths(interval, us) USING (interval)
      WHERE closed_at < start + us + ${allowedLatenessUs}`,
    'metrics: the newest row of a symbol is not one': `
      SELECT symbol, count(*) AS n FROM (
        FROM gold_metrics QUALIFY as_of = max(as_of) OVER (PARTITION BY symbol)) GROUP BY symbol HAVING n > 1`,
    'ledger: ticks accepted by silver and not in the metrics': `
      SELECT symbol, t.n AS accepted, m.ticks FROM
        (SELECT symbol, count(*) AS n FROM silver_ticks WHERE verdict = 'accepted' GROUP BY symbol) t
        FULL JOIN (FROM gold_metrics QUALIFY as_of = max(as_of) OVER (PARTITION BY symbol)) m USING (symbol)
      WHERE t.n IS DISTINCT FROM m.ticks`,
    'ledger: ticks accepted by silver and not in the bars': `
      SELECT symbol, interval, accepted, sum(ticks) AS in_bars
      FROM (SELECT symbol, count(*) AS accepted FROM silver_ticks WHERE verdict = 'accepted' GROUP BY symbol)
      JOIN (FROM gold_bars QUALIFY revision = max(revision) OVER (PARTITION BY symbol, interval, start)) USING (symbol)
      GROUP BY symbol, interval, accepted HAVING in_bars <> accepted`,
  };
}

function twice(view: string, key: string): string {
  return `SELECT ${key}, count(*) AS n FROM ${view} GROUP BY ${key} HAVING n > 1`;
}

function missingRevision(view: string, key: string): string {
  return `SELECT ${key}, count(*) AS n, max(revision) AS last FROM ${view} GROUP BY ${key} HAVING n <> last + 1`;
}

async function misplacedSymbols(lake: Lake, lanes: number): Promise<string[]> {
  const placed = ['silver_ticks', 'silver_windows', 'gold_bars', 'gold_metrics'].map(
    (view) => `SELECT DISTINCT '${view}' AS view, symbol, lane FROM ${view}`,
  );
  const rows = await lake.duck.rows<{ view: string; symbol: string; lane: number }>(
    placed.join(' UNION ALL '),
  );
  return rows
    .filter(({ symbol, lane }) => lane !== laneOf(symbol, lanes))
    .map((row): Row => ({ ...row, should_be: laneOf(row.symbol, lanes) }))
    .map((row) => `symbol in the wrong lane: ${JSON.stringify(row)}`);
}
