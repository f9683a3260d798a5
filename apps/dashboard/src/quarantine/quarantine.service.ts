import type { QuarantineCount } from '@engine/contracts/api';
import { Injectable } from '@nestjs/common';
import { LakeView } from '../lake/lake-view.js';
import { instant } from '../lake/sql.js';
import { VerdictCounts } from '../pipeline/verdict-counts.js';
import type { QuarantineQuery } from './quarantine-query.dto.js';
import type { RawValue, RefusedRow } from './refused-row.js';

const MAX_RAW = 4096;

/** Rows that a layer refused, by the names of `RefusedRow`; bronze keeps no fields of what it could not read. */
const REFUSED = {
  bronze: `SELECT 'bronze' AS layer, reason, e.record_time AS recorded, lane AS "partition", record_offset AS "offset",
    record_index AS "index", symbol, epoch_us(e.event_time) AS "eventUs", price
    FROM bronze_events AS e WHERE verdict <> 'accepted'`,
  silver: `SELECT 'silver' AS layer, verdict AS reason, t.record_time AS recorded, origin_partition AS "partition",
    origin_offset AS "offset", origin_index AS "index", symbol, epoch_us(t.event_time) AS "eventUs", price
    FROM silver_ticks AS t WHERE verdict <> 'accepted'`,
} as const;

/** What was refused, from the lake: a refused record appears when its segment is published. */
@Injectable()
export class QuarantineService {
  constructor(
    private readonly lake: LakeView,
    private readonly verdicts: VerdictCounts,
  ) {}

  /** Newest first; more than `limit` where there is a next page. */
  async find(query: QuarantineQuery): Promise<readonly RefusedRow[]> {
    await this.lake.freshen();
    return (await this.lake.query(selectRefused(query), reasonOf(query))) as unknown as readonly RefusedRow[];
  }

  /** The values of the rows' records, which stand in bronze/events, on index 0; by `partition.offset`. */
  async rawValues(rows: readonly RefusedRow[]): Promise<ReadonlyMap<string, RawValue>> {
    if (rows.length === 0) return new Map();
    const found = await this.lake.query(selectRaw(rows));
    return new Map(
      (found as unknown as readonly (RawValue & { key: string })[]).map((value) => [value.key, value]),
    );
  }

  async counts(): Promise<readonly QuarantineCount[]> {
    await this.verdicts.update();
    return (['bronze', 'silver'] as const).flatMap((layer) =>
      Object.entries(this.verdicts[layer].refused()).map(([reason, rows]) => ({ layer, reason, rows })),
    );
  }
}

const reasonOf = ({ reason }: QuarantineQuery): readonly string[] => (reason === undefined ? [] : [reason]);

function selectRefused({ layer, reason, limit, cursor }: QuarantineQuery): string {
  const layers = layer === undefined ? [REFUSED.bronze, REFUSED.silver] : [REFUSED[layer]];
  const conditions = [
    ...(reason === undefined ? [] : ['reason = ?']),
    ...(cursor === undefined
      ? []
      : [
          `(r.recorded, "partition", "offset", "index") <
           (${instant(cursor.recordUs)}, ${cursor.partition}, ${cursor.offset}, ${cursor.index})`,
        ]),
  ];
  return `SELECT * EXCLUDE (recorded), epoch_us(r.recorded) AS "recordUs" FROM (${layers.join(' UNION ALL ')}) AS r
    ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
    ORDER BY r.recorded DESC, "partition" DESC, "offset" DESC, "index" DESC LIMIT ${limit + 1}`;
}

function selectRaw(rows: readonly RefusedRow[]): string {
  const offsets = new Map<number, Set<number>>();
  for (const { partition, offset } of rows)
    offsets.set(partition, (offsets.get(partition) ?? new Set()).add(offset));
  const places = [...offsets].map(
    ([partition, wanted]) => `(lane = ${partition} AND record_offset IN (${[...wanted].join(', ')}))`,
  );
  return `SELECT lane || '.' || record_offset AS "key", left(raw, ${MAX_RAW}) AS raw, length(raw) AS "rawLength"
    FROM bronze_events WHERE record_index = 0 AND (${places.join(' OR ')})`;
}
