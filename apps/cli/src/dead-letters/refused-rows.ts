import type { LakeReader, SelectParameter } from '@engine/lake';

/** A row that bronze or silver refused, and where its record stands in `stock-ticks`. */
export interface RefusedRow {
  readonly layer: 'bronze' | 'silver';
  /** Bronze's reason or silver's verdict. */
  readonly reason: string;
  readonly recordTime: string;
  readonly partition: number;
  readonly offset: number;
  /** Of the element in an array message, else 0. */
  readonly index: number;
  readonly symbol: string | null;
}

/** What a record of `stock-ticks` brought; text as `rawText` makes it, null for none. */
export interface RecordText {
  readonly key: string | null;
  readonly raw: string | null;
}

/** A refused row; `record` is undefined where retention has taken its record from bronze. */
export interface DeadLetter extends RefusedRow {
  readonly record: RecordText | undefined;
}

/** Which ones; what is undefined does not matter. Times as ISO-8601, of the record. */
export interface Choice {
  readonly layer?: string | undefined;
  readonly reasons?: readonly string[] | undefined;
  readonly symbol?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface ReasonSummary {
  readonly layer: string;
  readonly reason: string;
  readonly rows: number;
  readonly first: string;
  readonly last: string;
  /** The value of the newest one. */
  readonly sample: string | null;
}

const REFUSED = `(
  SELECT 'bronze' AS layer, reason, e.record_time AS "recordTime", lane AS "partition", record_offset AS "offset",
    record_index AS "index", symbol
  FROM bronze_events AS e WHERE verdict <> 'accepted'
  UNION ALL
  SELECT 'silver', verdict, t.record_time, origin_partition, origin_offset, origin_index, symbol
  FROM silver_ticks AS t WHERE verdict <> 'accepted')`;

/**
 * The chosen ones in the order in which they came, so that a symbol's ticks can be sent in it again. Only of those that are
 * asked for next, some thousand, the values are in memory.
 */
export async function* deadLetters(reader: LakeReader, choice: Choice): AsyncGenerator<DeadLetter, void> {
  const { where, parameters } = conditions(choice);
  const found = await reader.stream(
    `SELECT * FROM ${REFUSED} AS r ${where} ORDER BY r."recordTime", "partition", "offset", "index"`,
    parameters,
  );
  const names = found.columns.map(({ name }) => name);
  for await (const values of found.chunks()) {
    const rows = values.map((row): unknown => Object.fromEntries(names.map((name, at) => [name, row[at]])));
    const records = await recordsOf(reader, rows as RefusedRow[]);
    for (const row of rows as RefusedRow[]) yield { ...row, record: records.get(placeOf(row)) };
  }
}

/** How many there are of each reason. */
export async function summarize(reader: LakeReader, choice: Choice): Promise<readonly ReasonSummary[]> {
  const { where, parameters } = conditions(choice);
  const groups = (await reader.query(
    `SELECT layer, reason, count(*) AS "rows", min(r."recordTime") AS "first", max(r."recordTime") AS "last",
       unnest(arg_max({'partition': "partition", 'offset': "offset", 'index': "index"}, r."recordTime"))
     FROM ${REFUSED} AS r ${where} GROUP BY layer, reason ORDER BY layer, "rows" DESC, reason`,
    parameters,
  )) as unknown as readonly (ReasonSummary & RefusedRow)[];
  const records = await recordsOf(reader, groups);
  return groups.map((group) => {
    const { layer, reason, rows, first, last } = group;
    return { layer, reason, rows, first, last, sample: records.get(placeOf(group))?.raw ?? null };
  });
}

const placeOf = ({ partition, offset }: Pick<RefusedRow, 'partition' | 'offset'>): string =>
  `${partition}/${offset}`;

/** The records of some rows; they stand in bronze/events, on index 0. */
async function recordsOf(
  reader: LakeReader,
  rows: readonly RefusedRow[],
): Promise<ReadonlyMap<string, RecordText>> {
  const wanted = new Map<number, Set<number>>();
  for (const { partition, offset } of rows)
    wanted.set(partition, (wanted.get(partition) ?? new Set()).add(offset));
  const records = new Map<string, RecordText>();
  for (const [partition, offsets] of wanted) {
    const [first, last] = [Math.min(...offsets), Math.max(...offsets)];
    const found = (await reader.query(
      `SELECT record_offset AS "offset", key, raw FROM bronze_events WHERE lane = ${partition} AND record_index = 0
       AND record_offset BETWEEN ${first} AND ${last} AND record_offset IN (${[...offsets].join(', ')})`,
    )) as unknown as readonly (RecordText & { readonly offset: number })[];
    for (const { offset, key, raw } of found) records.set(placeOf({ partition, offset }), { key, raw });
  }
  return records;
}

function conditions({ layer, reasons, symbol, since, until }: Choice): {
  readonly where: string;
  readonly parameters: readonly SelectParameter[];
} {
  const all: readonly (readonly [string, readonly SelectParameter[]])[] = [
    ...(layer === undefined ? [] : [['layer = ?', [layer]] as const]),
    ...(reasons === undefined
      ? []
      : [[`reason IN (${reasons.map(() => '?').join(', ')})`, reasons] as const]),
    ...(symbol === undefined ? [] : [['symbol = ?', [symbol]] as const]),
    ...(since === undefined ? [] : [['r."recordTime" >= CAST(? AS TIMESTAMPTZ)', [since]] as const]),
    ...(until === undefined ? [] : [['r."recordTime" < CAST(? AS TIMESTAMPTZ)', [until]] as const]),
  ];
  return {
    where: all.length === 0 ? '' : `WHERE ${all.map(([sql]) => sql).join(' AND ')}`,
    parameters: all.flatMap(([, values]) => values),
  };
}
