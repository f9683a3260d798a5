import type { UpkeepRules } from '@engine/lake';
import { tables } from '@engine/medallion';
import type { Random } from '@engine/oracle';

import { LANES } from './layers/settings.js';
import type { WorldPlan } from './simulation.js';

type LayersPlan = Pick<WorldPlan, 'instances' | 'limits' | 'upkeep' | 'stray'>;

/** Small limits and short ages, so that within a minute much is compacted and gone; in some worlds there is none of it. */
export function drawLayers(random: Random): LayersPlan {
  const maxBytes = random.pick([3_000, 1e9]);
  const compaction = { maxBytes, maxAgeMs: random.pick([2_000, 1e9]), minFiles: random.integer(2, 5) };
  const rules = {
    compaction: random.chance(0.1) ? null : compaction,
    retentionMs: random.chance(0.5) ? null : random.pick([500, 4_000]),
    graceMs: random.pick([100, 600, 4_000]),
  };
  const everyMs = random.pick([300, 1_000, 4_000]);
  return {
    instances: random.integer(1, 2),
    limits: { maxRows: random.pick([3, 10, 40]), maxMs: random.pick([200, 1_000, 4_000]) },
    upkeep: random.chance(0.4) ? null : { rules: () => rules, graceMs: rules.graceMs, everyMs },
  };
}

/**
 * Chains of many small segments, and one of them with owners who were given up and do not know, each with rules of its own, as
 * when settings are changed one app after the other.
 */
export function drawTangle(random: Random): LayersPlan {
  const graceMs = random.pick([50, 200, 600]);
  const rules = (): UpkeepRules => ({
    compaction: {
      maxBytes: random.pick([3_000, 1e9]),
      maxAgeMs: random.pick([500, 1e9]),
      minFiles: random.integer(2, 4),
    },
    retentionMs: random.pick([null, 300, 2_000]),
    graceMs,
  });
  return {
    instances: random.integer(1, 2),
    limits: { maxRows: random.pick([3, 10]), maxMs: random.pick([100, 300]) },
    upkeep: { rules, graceMs, everyMs: random.pick([600, 3_000]) },
    stray: {
      table: random.pick(tables),
      lane: random.integer(0, LANES - 1),
      tenders: random.integer(2, 4),
      everyMs: 500,
    },
  };
}
