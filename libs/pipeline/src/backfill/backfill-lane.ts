import { laneContext } from '../lane-wiring.js';
import type { LaneMessage, LaneWiring, PipelineContext } from '../lane-wiring.js';
import type { LaneOutput } from '../lane-io.js';
import { LaneRunner } from '../lane-runner.js';
import { BATCH, rangeOf } from '../log-tail.js';
import type { LaneHistory } from '../silver-history.js';

/** Where a layer is computed anew: `lake` and `checkpoints` are those of the new generation. */
export interface BackfillContext extends Omit<PipelineContext, 'history'> {
  readonly checkpoints: NonNullable<PipelineContext['checkpoints']>;
  readonly history: (lane: number) => Promise<LaneHistory>;
}

/**
 * Computes a layer anew in one lane, by the runner that does it live: what the history knows, then what is left in the log.
 * Nothing is sent. At the end all is published and a snapshot is there, from which the layer goes on. What an earlier
 * attempt has published is not published again; a lane that was finished has nothing to do.
 */
export async function backfillLane<State, Message extends LaneMessage, Emission>(
  wiring: LaneWiring<State, Message, Emission>,
  context: BackfillContext,
  lane: number,
): Promise<void> {
  const runner = await LaneRunner.open(silent(wiring), laneContext(context, lane, ignore), lane);
  try {
    const { log } = context;
    const { end } = await rangeOf(log, wiring.inputTopic, lane);
    while (runner.position < end)
      await runner.process(await log.read(wiring.inputTopic, lane, runner.position, BATCH));
    await runner.finish();
  } finally {
    await runner.close();
  }
}

/** What fails in the background is thrown by the next call as well. */
const ignore = (): void => undefined;

/** Those downstream are computed anew themselves; and what is decided differently now is not compared with what was. */
function silent<State, Message extends LaneMessage, Emission>(
  wiring: LaneWiring<State, Message, Emission>,
): LaneWiring<State, Message, Emission> {
  return {
    ...wiring,
    past: { ...wiring.past, checkRecalled: ignore },
    output: (lane, tail): LaneOutput<Emission> => {
      const { topic, last }: Pick<LaneOutput<Emission>, 'topic' | 'last'> = wiring.output(lane, tail);
      return { topic, last, encode: () => [] };
    },
  };
}
