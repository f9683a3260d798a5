import type { DashboardConfig } from '@engine/config';
import { laneOf, silverWindows } from '@engine/medallion';
import { Inject, Injectable } from '@nestjs/common';
import { DASHBOARD_CONFIG } from '../dashboard-config.token.js';
import { LakeView } from '../lake/lake-view.js';
import { columnList, instant } from '../lake/sql.js';
import type { WindowsQuery } from './windows-query.dto.js';

/** A row of silver/windows, as far as a list has to know it; times in µs since the epoch. */
export interface WindowRow {
  readonly window_start: number;
}

/** Silver's windows, as far as their segments are published: closed ones, of each the newest revision. */
@Injectable()
export class WindowsService {
  constructor(
    private readonly lake: LakeView,
    @Inject(DASHBOARD_CONFIG) private readonly config: DashboardConfig,
  ) {}

  /** In the order asked for; more than `limit` where there is a next page. */
  async find(query: WindowsQuery): Promise<readonly WindowRow[]> {
    await this.lake.freshen();
    const sql = selectWindows(query, laneOf(query.symbol, this.config.lanes));
    return (await this.lake.query(sql, [query.symbol])) as unknown as readonly WindowRow[];
  }
}

function selectWindows({ from, to, cursor, order, limit }: WindowsQuery, lane: number): string {
  const conditions = [
    `lane = ${lane}`,
    'symbol = ?',
    ...(from === undefined ? [] : [`w.window_start >= ${instant(from)}`]),
    ...(to === undefined ? [] : [`w.window_start < ${instant(to)}`]),
    ...(cursor === undefined
      ? []
      : [`w.window_start ${order === 'asc' ? '>' : '<'} ${instant(cursor.start)}`]),
  ];
  return `SELECT ${columnList(silverWindows)} FROM silver_windows AS w WHERE ${conditions.join(' AND ')}
    QUALIFY row_number() OVER (PARTITION BY w.window_start ORDER BY revision DESC) = 1
    ORDER BY w.window_start ${order} LIMIT ${limit + 1}`;
}
