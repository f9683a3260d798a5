import { decodeBronzeMessage } from '@engine/contracts';
import { laneOf } from '@engine/oracle';
import type { LogRecord } from '@engine/stream/ports';

import { LANES, topics } from '../layers/settings.js';
import { ViolationError } from '../machine/world.js';
import type { Expected, MarketRecord } from '../market/market.js';

/** A record of `stock-ticks` as it was put in, with where and when the log took it. */
export interface PutIn {
  readonly partition: number;
  readonly offset: number;
  readonly timeMs: number;
  readonly raw: string;
  readonly expected: readonly Expected[];
}

/** The ticks that a lane must get from a partition, and how many of them it has got. */
interface Way {
  readonly expected: string[];
  seen: number;
}

/** Sees every record that gets into the log: in each lane the rows of a partition begin at one that is known, or the next. */
export class LogWatch {
  readonly putIn: PutIn[] = [];
  readonly #ways = new Map<string, Way>();

  sent({ value, expected, partition }: MarketRecord, offset: number, timeMs: number): void {
    this.putIn.push({ partition, offset, timeMs, raw: value, expected });
    expected.forEach((tick, index) => {
      if (tick.reason === null)
        this.#way(laneOf(tick.symbol, LANES), partition).expected.push(`${offset}.${index}`);
    });
  }

  appended(topic: string, { partition: lane, offset, value }: LogRecord): void {
    if (topic !== topics.bronzeTicks) return;
    const { message } = decodeBronzeMessage(value);
    if (message.kind === 'marker') return;
    const { n, originPartition, originOffset, originIndex } = message.ticks;
    for (let row = 0; row < n; row++) {
      const way = this.#way(lane, originPartition[row]!);
      const at = way.expected.indexOf(`${originOffset[row]}.${originIndex[row]}`);
      if (at < 0 || at > way.seen)
        throw new ViolationError(
          'no-row-lost',
          `${topic}/${lane}@${offset} has row ${originPartition[row]}/${originOffset[row]}.${originIndex[row]}, before it must come ${way.expected[way.seen]}`,
        );
      if (at === way.seen) way.seen++;
    }
  }

  /** Rows that never got into their lane. */
  missing(): readonly string[] {
    return [...this.#ways].flatMap(([way, { expected, seen }]) =>
      expected.slice(seen).map((row) => `${way}/${row}`),
    );
  }

  #way(lane: number, partition: number): Way {
    const key = `lane ${lane} from ${partition}`;
    let way = this.#ways.get(key);
    if (way === undefined) this.#ways.set(key, (way = { expected: [], seen: 0 }));
    return way;
  }
}
