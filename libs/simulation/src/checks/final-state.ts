import { tables } from '@engine/medallion';

import type { LakeWatch } from '../lake/lake-watch.js';
import { LANES, topics } from '../layers/settings.js';
import type { WorldLog } from '../log/world-log.js';
import { ViolationError } from '../machine/world.js';
import { checkBronze } from './bronze-state.js';
import { checkLane } from './lane-state.js';
import type { LogWatch } from './log-watch.js';

/** What is left when all instances have stopped, and what was put in. */
export interface FinalState {
  readonly lake: LakeWatch;
  readonly log: WorldLog;
  readonly watch: LogWatch;
}

const INPUTS: Readonly<Record<string, string>> = {
  bronze: topics.stockTicks,
  silver: topics.bronzeTicks,
  gold: topics.silverTicks,
};

/** Everything was processed and all instances have stopped: the lake must hold what plain loops make of what was put in. */
export function checkFinalState(state: FinalState): void {
  checkEnds(state);
  const [missing] = state.watch.missing();
  if (missing !== undefined) throw new ViolationError('no-row-lost', `never reached its lane: ${missing}`);
  checkBronze(state);
  for (let lane = 0; lane < LANES; lane++) checkLane(state, lane);
  checkLedger(state);
}

/** At rest, and after a clean stop, everything is published: each chain reaches the end of its input. */
function checkEnds({ lake, log }: FinalState): void {
  for (const { name } of tables) {
    const topic = INPUTS[name.split('/')[0]!]!;
    for (const [lane, { end }] of log.topic(topic).ranges().entries()) {
      const published = lake.chain(name, lane).end;
      if (published === end) continue;
      const where = `${name}/lane=${lane}`;
      throw new ViolationError(
        'clean-stop-loses-nothing',
        `${where} ends at ${published}, ${topic} at ${end}`,
      );
    }
  }
}

/** Records in = accepted + each kind of refused, of which no layer may lose one. */
function checkLedger({ lake, watch }: FinalState): void {
  const putIn = watch.putIn.flatMap(({ expected }) => expected).length;
  const bronze = lake.allRows('bronze/events');
  const accepted = bronze.filter(({ verdict }) => verdict === 'accepted').length;
  const decided = lake.allRows('silver/ticks').length;
  if (bronze.length === putIn && decided === accepted) return;
  const found = `put in ${putIn}, bronze ${bronze.length}, accepted ${accepted}, silver ${decided}`;
  throw new ViolationError('ledger-balanced', found);
}
