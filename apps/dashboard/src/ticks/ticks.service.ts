import type { DashboardConfig } from '@engine/config';
import { laneOf, silverTicks } from '@engine/medallion';
import { Inject, Injectable } from '@nestjs/common';
import { DASHBOARD_CONFIG } from '../dashboard-config.token.js';
import { LakeView } from '../lake/lake-view.js';
import { columnList, instant } from '../lake/sql.js';
import { LiveTicks } from './live-ticks.js';
import type { HeardTick } from './live-ticks.js';
import { compareTicks } from './tick-cursor.js';
import { heardRow } from './tick-row.js';
import type { TickRow } from './tick-row.js';
import type { TicksQuery } from './ticks-query.dto.js';

@Injectable()
export class TicksService {
  constructor(
    private readonly lake: LakeView,
    private readonly live: LiveTicks,
    @Inject(DASHBOARD_CONFIG) private readonly config: DashboardConfig,
  ) {}

  /** Ticks in the order asked for; more than `limit` where there is a next page. */
  async find(query: TicksQuery): Promise<readonly TickRow[]> {
    await this.lake.freshen();
    const lane = laneOf(query.symbol, this.config.lanes);
    // Before the lake is asked: what is let go of meanwhile, the lake has. Many may wait for the lake, so nothing is copied yet.
    const heard = this.live.of(query.symbol, lane).filter(isWanted(query));
    const rows = await this.lake.query(selectTicks(query, lane), [query.symbol]);
    return merge(
      rows.map((row) => ({ ...row, stored: true }) as unknown as TickRow),
      first(heard, query).map(heardRow),
      query,
    );
  }
}

function selectTicks(query: TicksQuery, lane: number): string {
  const { from, to, verdict, cursor, order, limit } = query;
  const beyond = order === 'asc' ? '>' : '<';
  const conditions = [
    `lane = ${lane}`,
    'symbol = ?',
    ...(from === undefined ? [] : [`t.event_time >= ${instant(from)}`]),
    ...(to === undefined ? [] : [`t.event_time < ${instant(to)}`]),
    ...(verdict === undefined ? [] : [`verdict = '${verdict}'`]),
    ...(cursor === undefined
      ? []
      : [
          `(t.event_time, lane_offset, lane_index) ${beyond}
           (${instant(cursor.event_time)}, ${cursor.lane_offset}, ${cursor.lane_index})`,
        ]),
  ];
  return `SELECT ${columnList(silverTicks)} FROM silver_ticks AS t WHERE ${conditions.join(' AND ')}
    ORDER BY t.event_time ${order}, lane_offset ${order}, lane_index ${order} LIMIT ${limit + 1}`;
}

/** The same conditions for what is not in the lake. */
const isWanted =
  ({ from = -Infinity, to = Infinity, verdict = 'accepted', cursor, order }: TicksQuery) =>
  (tick: HeardTick): boolean => {
    const direction = order === 'asc' ? 1 : -1;
    const isBeyond = cursor === undefined || compareTicks(tick, cursor) * direction > 0;
    return isBeyond && tick.event_time >= from && tick.event_time < to && verdict === 'accepted';
  };

/** As many of them as can be on the page, and one more that shows whether there is a next page. */
function first(heard: readonly HeardTick[], { order, limit }: TicksQuery): readonly HeardTick[] {
  const direction = order === 'asc' ? 1 : -1;
  return heard.toSorted((one, other) => compareTicks(one, other) * direction).slice(0, limit + 1);
}

/** Each tick once, as the lake has it where both have it. */
function merge(
  stored: readonly TickRow[],
  heard: readonly TickRow[],
  { order }: TicksQuery,
): readonly TickRow[] {
  const byPlace = new Map<string, TickRow>();
  for (const row of [...heard, ...stored]) byPlace.set(`${row.lane_offset}.${row.lane_index}`, row);
  const direction = order === 'asc' ? 1 : -1;
  return [...byPlace.values()].sort((one, other) => compareTicks(one, other) * direction);
}
