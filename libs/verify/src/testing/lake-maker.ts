import { DuckDbLake } from '@engine/lake';
import type { Chain } from '@engine/lake';
import {
  bronzeEvents,
  decodeEvents,
  goldBars,
  goldLayer,
  goldMetrics,
  silverLayer,
  silverMarkers,
  silverTicks,
  silverWindows,
} from '@engine/medallion';
import type { BronzeMessage, RawRecord, TableBatch, TableSchema } from '@engine/medallion';
import { parseBarInterval } from '@engine/window';
import type { VerifySettings } from '../verify-context.js';

/** Changes what a table is about to store, as somebody would who can write segments with right hashes. */
export type Alter = (table: string, lane: number, batch: TableBatch) => TableBatch;

export interface LakeMakerOptions {
  readonly folder: string;
  readonly settings: VerifySettings & { readonly lanes: number };
  readonly alter?: Alter;
}

/** What waits to become a segment. */
interface Waiting {
  batches: TableBatch[];
  next: number;
}

/** Runs the three layers straight into a lake, without a log between them. Partitions of `stock-ticks`: as many as lanes. */
export class LakeMaker {
  readonly #chains = new Map<string, Chain>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #lanes;
  readonly #lastSent = new Map<number, Map<number, readonly [number, number]>>();
  readonly #recordTimeUs = new Map<number, number>();
  readonly #silver;
  readonly #gold;

  private constructor(
    private readonly lake: DuckDbLake,
    private readonly options: LakeMakerOptions,
  ) {
    const { silver, gold, lanes } = options.settings;
    this.#silver = silverLayer(silver);
    this.#gold = goldLayer(gold);
    this.#lanes = Array.from({ length: lanes }, () => ({
      silver: this.#silver.initial(),
      gold: this.#gold.initial(),
      next: 0,
      goldNext: 0,
    }));
  }

  static async open(options: LakeMakerOptions): Promise<LakeMaker> {
    return new LakeMaker(await DuckDbLake.open({ folder: options.folder, memoryLimit: '512MB' }), options);
  }

  /** Records of any partitions, in the order bronze takes them. */
  add(records: readonly RawRecord[]): void {
    const { lanes } = this.options.settings;
    const output = decodeEvents(records, lanes);
    for (const [lane, ticks] of output.lanes) {
      for (let at = 0; at < ticks.n; at++)
        this.#sentTo(ticks.originPartition[at]!).set(lane, [ticks.originOffset[at]!, ticks.originIndex[at]!]);
      this.#apply(lane, { kind: 'ticks', ticks });
    }
    for (const { partition, timeMs } of records) this.#recordTimeUs.set(partition, timeMs * 1000);
    for (const [partition, events] of output.events) {
      const last = records.findLast((record) => record.partition === partition);
      this.#store(bronzeEvents, partition, events, (last?.offset ?? 0) + 1);
    }
  }

  /** A time marker in every lane. */
  mark(markerUs: number): void {
    for (let lane = 0; lane < this.options.settings.lanes; lane++)
      this.#apply(lane, { kind: 'marker', markerUs });
  }

  /** Makes segments of what waits; `tables`: of these only; `rules`: what they say of themselves. */
  async publish(tables?: readonly TableSchema[], rules = this.options.settings.rules): Promise<void> {
    for (const [key, { batches, next }] of this.#waiting) {
      const chain = await this.#chain(key);
      if (tables !== undefined && !tables.includes(chain.table)) continue;
      this.#waiting.delete(key);
      const isBronze = chain.table === bronzeEvents;
      await chain.publish({
        next,
        batches: batches.map((batch) => this.options.alter?.(chain.table.name, chain.lane, batch) ?? batch),
        rules,
        topic: `input of ${chain.table.name.split('/')[0] ?? ''}#1`,
        watermark: isBronze ? (this.#recordTimeUs.get(chain.lane) ?? null) : this.#clockUs(chain.lane),
        lanes: isBronze ? JSON.stringify(Object.fromEntries(this.#sentTo(chain.lane))) : null,
        through: null,
      });
    }
  }

  close(): void {
    this.lake.close();
  }

  #apply(lane: number, message: BronzeMessage): void {
    const state = this.#lanes[lane]!;
    const silver = this.#silver.apply(state.silver, [{ offset: state.next++, message }]);
    for (const batch of silver.tables) this.#store(batch.schema, lane, batch, state.next);
    for (const emitted of silver.emitted) {
      const gold = this.#gold.apply(state.gold, [{ offset: state.goldNext++, message: emitted }]);
      for (const batch of gold.tables) this.#store(batch.schema, lane, batch, state.goldNext);
    }
    for (const table of [silverTicks, silverMarkers, silverWindows]) this.#reach(table, lane, state.next);
    for (const table of [goldBars, goldMetrics]) this.#reach(table, lane, state.goldNext);
  }

  #store(table: TableSchema, lane: number, batch: TableBatch, next: number): void {
    const key = `${table.name}/${lane}`;
    const waiting = this.#waiting.get(key) ?? { batches: [], next };
    waiting.batches.push(batch);
    waiting.next = next;
    this.#waiting.set(key, waiting);
  }

  #reach(table: TableSchema, lane: number, next: number): void {
    const waiting = this.#waiting.get(`${table.name}/${lane}`);
    if (waiting !== undefined) waiting.next = next;
  }

  async #chain(key: string): Promise<Chain> {
    let chain = this.#chains.get(key);
    if (chain !== undefined) return chain;
    const [layer = '', table = '', lane = ''] = key.split('/');
    const schema = [bronzeEvents, silverTicks, silverMarkers, silverWindows, goldBars, goldMetrics].find(
      ({ name }) => name === `${layer}/${table}`,
    );
    chain = await this.lake.open(schema!, Number(lane));
    this.#chains.set(key, chain);
    return chain;
  }

  #sentTo(partition: number): Map<number, readonly [number, number]> {
    let sent = this.#lastSent.get(partition);
    if (sent === undefined)
      this.#lastSent.set(partition, (sent = new Map<number, readonly [number, number]>()));
    return sent;
  }

  #clockUs(lane: number): number | null {
    return this.#silver.clockUs(this.#lanes[lane]!.silver);
  }
}

const MINUTE_US = 60_000_000;

/** The defaults, with two lanes and intervals that close soon. */
export const testSettings = (rules = '1-test'): VerifySettings & { readonly lanes: number } => {
  const common = {
    allowedLatenessUs: 2 * MINUTE_US,
    barIntervals: [parseBarInterval('1s'), parseBarInterval('1m')],
    maxSymbols: 1_000,
  };
  const silver = {
    ...common,
    maxFutureUs: 10_000_000,
    silverRows: 5,
    windowUs: MINUTE_US,
    windowSlideUs: MINUTE_US / 2,
    dedupWithoutId: 'never' as const,
  };
  return { silver, gold: common, rules, lanes: 2, offsetsAreDense: true };
};
