import type { RulesConfig } from '@engine/config';
import { encodeMarker } from '@engine/contracts';
import type { TopicNames } from '@engine/contracts';
import type { LayerWork } from '@engine/layer-app';
import { closingMarkerUs, nextCloseUs } from '@engine/medallion';
import type { BronzeMessage, SilverMessage, SilverState } from '@engine/medallion';
import { Emitter, IdleMarkers, LayerRunner, silverWiring } from '@engine/pipeline';
import type { PipelineContext } from '@engine/pipeline';

/** Runs silver over its lanes, each with a keeper of its idle markers. */
export class SilverWork extends LayerRunner<SilverState, BronzeMessage, SilverMessage> implements LayerWork {
  readonly #markers: Emitter;
  readonly #keepers: Map<number, IdleMarkers>;

  constructor(rules: RulesConfig, topics: TopicNames, context: PipelineContext) {
    const wiring = silverWiring(topics, rules);
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
          idleMs: rules.idleMs,
        },
      );
      keepers.set(runner.lane, keeper);
      return keeper;
    });
    this.#markers = markers;
    this.#keepers = keepers;
  }

  async closeWindows(): Promise<void> {
    const owned = this.runners.flatMap(({ lane }) => this.#keepers.get(lane) ?? []);
    await Promise.all(owned.map((keeper) => keeper.closeAll()));
  }

  async close(): Promise<void> {
    await this.#markers.close();
  }
}
