export {
  bronzeEnds,
  eventTimeHistoryStarts,
  goldHistoryStarts,
  silverHistoryStarts,
} from './backfill/history-starts.js';
export {
  backfillGold,
  backfillSilver,
  backfillSilverByEventTime,
  partitionsOf,
} from './backfill/layer-backfill.js';
export type { BackfillSources, BackfillTarget } from './backfill/layer-backfill.js';
export { BronzeRunner } from './bronze-runner.js';
export type { BronzeTopics } from './bronze-runner.js';
export { Emitter } from './emitter.js';
export { GoldRunner } from './gold-runner.js';
export type { LaneWiring, PipelineContext } from './lane-wiring.js';
export { LayerRunner } from './layer-runner.js';
export type { LaneCompanion } from './layer-runner.js';
export type { PipelineObserver } from './observer.js';
export { persist } from './persist.js';
export { LaneHistoryLostError, RulesChangedError } from './recovery-errors.js';
export { LogReplacedError } from './replaced-log.js';
export type { SegmentLimits } from './segment-buffer.js';
export { SilverRunner } from './silver-runner.js';
