import { encodeMarker } from '@engine/contracts';
import { allProvisional, closingMarkerUs, nextCloseUs, takeProvisional } from '@engine/medallion';
import type { LayerName } from '@engine/medallion';
import {
  BronzeRunner,
  Emitter,
  goldWiring,
  IdleMarkers,
  LayerRunner,
  ProvisionalUpdates,
  silverWiring,
} from '@engine/pipeline';
import type { PipelineContext } from '@engine/pipeline';
import type { ConsumerOptions, LaneListener } from '@engine/stream/ports';

import { IDLE_MS, LANES, settings, topics } from './settings.js';

/** What runs a layer, and where it reads. */
export interface LayerWork {
  readonly listener: LaneListener;
  readonly input: Required<Pick<ConsumerOptions, 'topic' | 'order' | 'group'>>;
  /** Publishes what is open, and corrections that wait, as at the end of a file. */
  closeWindows?(): Promise<void>;
  close(): Promise<void>;
}

/** A layer as its app puts it together. */
export function layerWork(layer: LayerName, context: PipelineContext): LayerWork {
  return { bronze: bronzeWork, silver: silverWork, gold: goldWork }[layer](context);
}

function bronzeWork(context: PipelineContext): LayerWork {
  const runner = new BronzeRunner({ ...topics, lanes: LANES }, context);
  return {
    listener: runner,
    input: { topic: topics.stockTicks, order: 'record-time', group: 'bronze' },
    close: () => runner.close(),
  };
}

function silverWork(context: PipelineContext): LayerWork {
  const wiring = silverWiring(topics, settings);
  const emitter = new Emitter(context.log, context);
  const keepers = new Map<number, IdleMarkers>();
  const listener = new LayerRunner(wiring, context, (runner) => {
    const marked = {
      lane: runner.lane,
      position: () => runner.position,
      lastRecordTimeMs: () => runner.lastRecordTimeMs,
      clockUs: () => wiring.layer.clockUs(runner.state),
      nextCloseUs: () => nextCloseUs(runner.state),
      closingMarkerUs: () => closingMarkerUs(runner.state),
      failed: (error: unknown) => {
        runner.failed(error);
      },
    };
    const { log } = context;
    const { bronzeTicks: topic } = topics;
    const keeper = new IdleMarkers(marked, { log, emitter, topic, encode: encodeMarker, idleMs: IDLE_MS });
    keepers.set(runner.lane, keeper);
    return keeper;
  });
  return {
    listener,
    input: { topic: topics.bronzeTicks, order: 'partition', group: 'silver' },
    closeWindows: async () => {
      const owned = listener.runners.flatMap(({ lane }) => keepers.get(lane) ?? []);
      await Promise.all(owned.map((keeper) => keeper.closeAll()));
    },
    close: () => emitter.close(),
  };
}

function goldWork(context: PipelineContext): LayerWork {
  const listener = new LayerRunner(
    goldWiring(topics, settings),
    context,
    (runner) =>
      new ProvisionalUpdates({
        isReplaying: () => runner.isReplaying,
        takeChanged: () => takeProvisional(runner.state),
        all: () => [...allProvisional(runner.state)],
        emit: (updates) => runner.emit(updates),
        failed: (error) => {
          runner.failed(error);
        },
      }),
  );
  return {
    listener,
    input: { topic: topics.silverTicks, order: 'partition', group: 'gold' },
    close: () => Promise.resolve(),
  };
}
