import { encodeMarker } from '@engine/contracts';
import { closingMarkerUs, nextCloseUs } from '@engine/medallion';
import type { BronzeMessage, SilverMessage, SilverSettings, SilverState } from '@engine/medallion';

import { Emitter } from './emitter.js';
import { IdleMarkers } from './idle-markers.js';
import type { PipelineContext } from './lane-wiring.js';
import { LayerRunner } from './layer-runner.js';
import { silverWiring } from './silver-lane.js';
import type { SilverTopics } from './silver-lane.js';

export interface SilverRunnerSettings extends SilverSettings {
  /** How long a lane must be quiet before time passes in it. */
  readonly idleMs: number;
}

/** Runs silver over its lanes, each with a keeper of its idle markers. */
export class SilverRunner extends LayerRunner<SilverState, BronzeMessage, SilverMessage> {
  readonly #markers: Emitter;
  readonly #keepers: Map<number, IdleMarkers>;

  constructor(topics: SilverTopics, settings: SilverRunnerSettings, context: PipelineContext) {
    const wiring = silverWiring(topics, settings);
    const markers = new Emitter(context.log, context);
    const keepers = new Map<number, IdleMarkers>();
    super(wiring, context, (runner) => {
      const keeper = new IdleMarkers(
        {
          lane: runner.lane,
          position: () => runner.position,
          lastRecordTimeMs: () => runner.lastRecordTimeMs,
          clockUs: () => wiring.layer.clockUs(runner.state),
          nextCloseUs: () => nextCloseUs(runner.state),
          closingMarkerUs: () => closingMarkerUs(runner.state),
          failed: (error: unknown) => {
            runner.failed(error);
          },
        },
        {
          log: context.log,
          emitter: markers,
          topic: topics.bronzeTicks,
          encode: encodeMarker,
          idleMs: settings.idleMs,
        },
      );
      keepers.set(runner.lane, keeper);
      return keeper;
    });
    this.#markers = markers;
    this.#keepers = keepers;
  }

  /** Publishes what is open in our lanes, and corrections that wait, as at the end of a file. */
  async closeWindows(): Promise<void> {
    const owned = this.runners.flatMap(({ lane }) => this.#keepers.get(lane) ?? []);
    await Promise.all(owned.map((keeper) => keeper.closeAll()));
  }

  async close(): Promise<void> {
    await this.#markers.close();
  }
}
