import type { BronzeTicks, SilverMessage, SilverTicks } from '../ticks.js';
import type { Features } from './features.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer V)[] ? V[] : T[K] };

/** Accepted ticks on their way to gold, collected column by column. */
export class Emission {
  readonly #messages: SilverMessage[] = [];
  #ticks: Mutable<SilverTicks>;
  #symbolIds = new Map<string, number>();

  /** `capacity`: how many may come. */
  constructor(private capacity: number) {
    this.#ticks = roomFor(capacity);
  }

  /** A tick that was accepted; `at` is its index in the record at `laneOffset`. */
  tick(laneOffset: number, ticks: BronzeTicks, at: number, features: Features): void {
    const columns = this.#ticks;
    const row = columns.n++;
    columns.symbol[row] = this.#symbolId(ticks.symbols[ticks.symbol[at]!]!);
    columns.eventTimeUs[row] = ticks.eventTimeUs[at]!;
    columns.price[row] = ticks.price[at]!;
    columns.size[row] = ticks.size[at] ?? null;
    columns.inOrder[row] = features.inOrder === true;
    columns.sma[row] = features.sma;
    columns.volatility[row] = features.volatility;
    columns.logReturn[row] = features.logReturn;
    columns.laneOffset[row] = laneOffset;
    columns.laneIndex[row] = at;
    columns.recordTimeUs[row] = ticks.recordTimeUs[at]!;
  }

  marker(laneOffset: number, markerUs: number): void {
    this.#cut();
    this.#messages.push({ kind: 'marker', markerUs, laneOffset, laneIndex: 0 });
  }

  take(): readonly SilverMessage[] {
    this.#cut();
    return this.#messages;
  }

  #symbolId(symbol: string): number {
    let id = this.#symbolIds.get(symbol);
    if (id === undefined) {
      id = this.#ticks.symbols.push(symbol) - 1;
      this.#symbolIds.set(symbol, id);
    }
    return id;
  }

  #cut(): void {
    const ticks = this.#ticks;
    if (ticks.n === 0) return;
    for (const name of COLUMNS) ticks[name].length = ticks.n;
    this.#messages.push({ kind: 'ticks', ticks });
    this.capacity -= ticks.n;
    this.#ticks = roomFor(this.capacity);
    this.#symbolIds = new Map();
  }
}

const COLUMNS = [
  'symbol',
  'eventTimeUs',
  'price',
  'size',
  'inOrder',
  'sma',
  'volatility',
  'logReturn',
  'laneOffset',
  'laneIndex',
  'recordTimeUs',
] as const;

/** Arrays that need not grow. */
function roomFor(ticks: number): Mutable<SilverTicks> {
  return {
    n: 0,
    symbols: [],
    symbol: new Array<number>(ticks),
    eventTimeUs: new Array<number>(ticks),
    price: new Array<number>(ticks),
    size: new Array<number | null>(ticks),
    inOrder: new Array<boolean>(ticks),
    sma: new Array<number | null>(ticks),
    volatility: new Array<number | null>(ticks),
    logReturn: new Array<number | null>(ticks),
    laneOffset: new Array<number>(ticks),
    laneIndex: new Array<number>(ticks),
    recordTimeUs: new Array<number>(ticks),
  };
}
