import { readLayerConfig, rulesVersion } from '@engine/config';
import { LakeMaker } from '@engine/verify/testing';
import { laneOf } from '@engine/medallion';

export interface Tick {
  readonly symbol: string;
  readonly timeMs: number;
  readonly price: number;
  readonly size: number | null;
}

const LANES = 2;
const START_MS = Date.UTC(2024, 2, 1, 9, 30);

/** Prices that go up and down, each symbol's in its own rhythm, a tick every 700 ms; the second never has a size. */
export function walkTicks(symbols: readonly string[], count: number): readonly Tick[] {
  return Array.from({ length: count }, (_, at) => {
    const which = at % symbols.length;
    return {
      symbol: symbols[which]!,
      timeMs: START_MS + at * 700,
      price: Number((100 * (which + 1) + 3 * Math.sin(at / (11 + which)) + (at % 5) / 10).toFixed(4)),
      size: which === 1 ? null : (at % 9) + 0.5,
    };
  });
}

/** A lake of these ticks, all in order and each with an id, so that all are accepted; every bar of a minute closed. */
export async function makeWalkLake(dataDir: string, ticks: readonly Tick[]): Promise<void> {
  const { rules } = readLayerConfig({ DATA_DIR: dataDir }, 'silver');
  const settings = {
    silver: rules,
    gold: rules,
    rules: rulesVersion(rules),
    lanes: LANES,
    offsetsAreDense: true,
  };
  const maker = await LakeMaker.open({ folder: `${dataDir}/lake`, settings });
  const offsets = new Array<number>(LANES).fill(0);
  for (let at = 0; at < ticks.length; at += 500) {
    maker.add(
      ticks.slice(at, at + 500).map(({ symbol, timeMs, price, size }, row) => {
        const partition = laneOf(symbol, LANES);
        const value = {
          ticker: symbol,
          price,
          timestamp: timeMs,
          id: at + row,
          ...(size !== null && { size }),
        };
        return {
          partition,
          offset: offsets[partition]!++,
          timeMs,
          key: null,
          value: Buffer.from(JSON.stringify(value)),
        };
      }),
    );
    await maker.publish();
  }
  maker.mark((ticks.at(-1)!.timeMs + 3 * 86_400_000) * 1000);
  await maker.publish();
  maker.close();
}
