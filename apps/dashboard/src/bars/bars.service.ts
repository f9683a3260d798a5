import type { DashboardConfig } from '@engine/config';
import { Inject, Injectable } from '@nestjs/common';
import { DASHBOARD_CONFIG } from '../dashboard-config.token.js';
import { LakeView } from '../lake/lake-view.js';
import { LiveGold } from '../live/live-gold.js';
import { storedBar } from './bar.js';
import type { Bar, BarRow } from './bar.js';
import type { BarsQuery } from './bars-query.dto.js';
import { liveBars, mergeBars } from './live-bars.js';
import { selectBars } from './select-bars.js';

@Injectable()
export class BarsService {
  constructor(
    private readonly lake: LakeView,
    private readonly live: LiveGold,
    @Inject(DASHBOARD_CONFIG) private readonly config: DashboardConfig,
  ) {}

  /** Bars in the order asked for; more than `limit` where there is a next page. */
  async find(query: BarsQuery): Promise<readonly Bar[]> {
    await this.lake.freshen();
    // Before the lake is asked: what the updates let go of meanwhile, the lake has.
    const live = liveBars(query, this.live.bars(query.symbol, query.interval));
    const { sql, parameters } = selectBars(query, this.config.lanes);
    const rows = (await this.lake.query(sql, parameters)) as unknown as readonly BarRow[];
    return mergeBars(rows.map(storedBar), live, query);
  }
}
