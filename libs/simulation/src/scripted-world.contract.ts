import { Random } from '@engine/oracle';

import type { Script } from './faults/script.js';
import { EPOCH_MS } from './machine/world.js';
import { installVirtualTime } from './machine/virtual-time.js';
import type { MarketRecord } from './market/market.js';
import { Simulation } from './simulation.js';
import type { WorldPlan } from './simulation.js';

/** One of these symbols for each of the two lanes. */
export const LANE_0 = 'MSFT';
export const LANE_1 = 'AAPL';

let ids = 0;

/** A record of one tick, or of several in an array. */
export function ticks(partition: number, ...symbols: readonly string[]): MarketRecord {
  const elements = symbols.map((ticker) => {
    const id = `scripted-${++ids}`;
    const timestamp = EPOCH_MS + ids;
    const expected = {
      reason: null,
      symbol: ticker,
      t: timestamp * 1_000,
      price: 100,
      size: null,
      id,
      source: 'unknown',
    } as const;
    return { text: JSON.stringify({ ticker, price: 100, timestamp, id }), expected };
  });
  const texts = elements.map(({ text }) => text);
  const value = texts.length === 1 ? texts[0]! : `[${texts.join(',')}]`;
  return { partition, value, expected: elements.map(({ expected }) => expected) };
}

interface Scene {
  readonly script: Script;
  /** What comes to `stock-ticks`, each group at its time, ms from the beginning. */
  readonly market: Readonly<Record<number, readonly MarketRecord[]>>;
  readonly instances?: number;
  readonly maxRows?: number;
  readonly maxMs?: number;
  readonly snapshotMs?: number;
  readonly upkeep?: WorldPlan['upkeep'];
  /** So long the world goes on before it is to come to rest: what upkeep there is ends then. */
  readonly untilMs?: number;
  /** Of what a loss of power leaves, among others at the end. */
  readonly seed?: number;
}

/** Plays a scene to its end and checks everything; returns what happened. Fails where the script asked for what never came. */
export async function play({
  script,
  market,
  instances = 1,
  maxRows = 1,
  maxMs = 500,
  snapshotMs = 0,
  upkeep = null,
  untilMs = 0,
  seed = 1,
}: Scene): Promise<string> {
  const limits = { maxRows, maxMs };
  const plan = {
    random: new Random(seed),
    director: script,
    partitions: 2,
    instances,
    maxRecords: 100,
    limits,
    snapshotMs,
    upkeep,
  };
  const simulation = await Simulation.create({ ...plan, restartMs: () => 100 });
  const { world } = simulation;
  const restore = installVirtualTime(world);
  try {
    for (const [atMs, records] of Object.entries(market))
      world.after(Number(atMs), null, 'records come', () => {
        for (const record of records) simulation.put(record);
      });
    simulation.reader.begin(20, EPOCH_MS + 3_000);
    simulation.begin();
    await world.run(EPOCH_MS + untilMs);
    await simulation.finish();
  } finally {
    await simulation.cluster.forget();
    restore();
  }
  expect(script.unused).toEqual([]);
  return world.trace.join('\n');
}
