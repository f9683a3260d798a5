import { Age, Integer, OneOf } from '../variable-kinds.js';

/** When segments and snapshots are made, and how long things are kept. */
export class SegmentsEnv {
  @Integer(1, 10_000_000)
  SEGMENT_MAX_ROWS = 20_000;

  @Integer(1, 86_400_000)
  SEGMENT_MAX_MS = 10_000;

  @Integer(1, 86_400_000)
  SNAPSHOT_MS = 30_000;

  @OneOf('on', 'off')
  COMPACT: 'on' | 'off' = 'on';

  @Integer(0, 2_592_000_000)
  COMPACT_GRACE_MS = 900_000;

  @OneOf('on', 'off')
  DELTA_LOG: 'on' | 'off' = 'on';

  @Age()
  RETENTION_BRONZE: number | null = null;

  @Age()
  RETENTION_SILVER: number | null = null;

  @Age()
  RETENTION_GOLD: number | null = null;
}
