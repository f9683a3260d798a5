import type { Row } from '@engine/oracle';
import type { Lake } from '../support/lake.js';

/** Some ticks of a symbol that came over one partition and were not decided in its order; empty where all were. */
export function swappedTicks(lake: Lake): Promise<Row[]> {
  return lake.duck.rows(`
    SELECT symbol, lane_offset, lane_index FROM silver_ticks
    QUALIFY (origin_offset, origin_index) < lag((origin_offset, origin_index)) OVER (
      PARTITION BY symbol, origin_partition ORDER BY lane_offset, lane_index)
    LIMIT 3`);
}
