import type { ChainStore, SnapshotStore } from '@engine/lake/ports';
import type { Layer } from '@engine/medallion';
import type { LaneFailed, Log, LogRecord } from '@engine/stream/ports';

import type { LaneInput, LaneOutput, LanePast } from './lane-io.js';
import type { PipelineObserver } from './observer.js';
import type { LaneHistory } from './silver-history.js';
import type { LaneTrouble, SegmentLimits } from './segment-buffer.js';

/** Ticks (the last one's record time is looked at) or a marker. */
export type LaneMessage =
  | {
      readonly kind: 'ticks';
      readonly ticks: { readonly n: number; readonly recordTimeUs: ArrayLike<number> };
    }
  | { readonly kind: 'marker' };

/** A layer with its place in the log: what it reads, and what it says to whom. */
export interface LaneWiring<State, Message extends LaneMessage, Emission> {
  readonly layer: Layer<State, Message, Emission>;
  readonly inputTopic: string;
  readonly outputTopic: string;
  readonly past: LanePast<Message>;
  input(): LaneInput<Message>;
  /** `tail`: the newest record of the output lane, which tells what needs not be sent again. */
  output(lane: number, tail: LogRecord | undefined): LaneOutput<Emission>;
}

/** As much of the log as runners need beside their consumers. */
export type PipelineLog = Pick<Log, 'describeTopic' | 'offsetRanges' | 'read' | 'createProducer'>;

export interface PipelineContext {
  readonly log: PipelineLog;
  readonly lake: ChainStore;
  /** What is known of silver's lane beside the log. Left out: what the lake keeps of it. */
  readonly history?: (lane: number) => Promise<LaneHistory>;
  readonly limits: SegmentLimits;
  /** Left out, a restart processes its lanes from the log's start. */
  readonly checkpoints?: { readonly store: SnapshotStore; readonly intervalMs: number };
  /** Version of the rules and settings, for the segments' footers. */
  readonly rules: string;
  readonly observer: PipelineObserver;
  /** Once it is aborted nothing that fails is tried again: the app is about to end. */
  readonly stopping?: AbortSignal;
}

/** The same for one lane. */
export type LaneContext = PipelineContext & LaneTrouble;

/** Whatever goes wrong in the lane is told with its number. */
export function laneContext(context: PipelineContext, lane: number, failed: LaneFailed): LaneContext {
  return {
    ...context,
    failed: (error) => {
      failed(lane, error);
    },
  };
}
