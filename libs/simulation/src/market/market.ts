import type { Random } from '@engine/oracle';
import type { OutgoingRecord } from '@engine/stream/ports';

/** What bronze must make of one element of a record. */
export type Expected =
  | { readonly reason: string }
  | {
      readonly reason: null;
      readonly symbol: string;
      /** µs since the epoch. */
      readonly t: number;
      readonly price: number;
      readonly size: number | null;
      readonly id: string | null;
      readonly source: string;
    };

type Accepted = Extract<Expected, { reason: null }>;

interface Element {
  readonly text: string;
  readonly expected: Expected;
}

export interface MarketRecord extends OutgoingRecord {
  readonly value: string;
  readonly expected: readonly Expected[];
}

const SYMBOLS = ['AAPL', 'MSFT', 'NVDA', 'BRK.B', 'BTC-USD'];
const REFUSED: readonly (readonly [string, string])[] = [
  ['not json', 'not_json'],
  ['[]', 'empty'],
  ['7', 'not_an_object'],
  ['{"price":1,"timestamp":1700000000}', 'missing_ticker'],
  ['{"ticker":"AAPL","price":-1,"timestamp":1700000000}', 'bad_price'],
  ['{"ticker":"AAPL","price":1}', 'missing_timestamp'],
];

/** A market as bad as they come, short and reproducible. */
export class Market {
  readonly #sent: (Element & { readonly expected: Accepted })[] = [];
  readonly #prices = new Map<string, number>();
  #ids = 0;

  constructor(
    private readonly random: Random,
    private readonly partitions: number,
    /** Whether a symbol's ticks have a partition of their own. */
    private readonly isKeyed: boolean,
  ) {}

  record(nowMs: number): MarketRecord {
    const { random } = this;
    if (random.chance(0.05)) {
      const [value, reason] = random.pick(REFUSED);
      return { partition: random.integer(0, this.partitions - 1), value, expected: [{ reason }] };
    }
    if (!this.isKeyed && random.chance(0.1)) return this.#array(nowMs);
    const { text, expected } = this.#element(nowMs);
    const at = SYMBOLS.indexOf(expected.symbol);
    const partition = this.isKeyed ? at % this.partitions : random.integer(0, this.partitions - 1);
    return { partition, key: expected.symbol, value: text, expected: [expected] };
  }

  #array(nowMs: number): MarketRecord {
    const elements = Array.from({ length: this.random.integer(2, 4) }, () => this.#element(nowMs));
    const value = `[${elements.map(({ text }) => text).join(',')}]`;
    const partition = this.random.integer(0, this.partitions - 1);
    return { partition, value, expected: elements.map(({ expected }) => expected) };
  }

  #element(nowMs: number): Element & { readonly expected: Accepted } {
    const { random } = this;
    const kind = random.next();
    if (kind < 0.08 && this.#sent.length > 0) return random.pick(this.#sent.slice(-20));
    if (kind < 0.12) return this.#tick(nowMs - 5_000 - random.integer(0, 4_000));
    if (kind < 0.15) return this.#tick(nowMs + 3_000 + random.integer(0, 9_000));
    if (kind < 0.35) return this.#tick(nowMs - random.integer(0, 4_500));
    return this.#tick(nowMs - random.integer(0, 100));
  }

  #tick(timestampMs: number): Element & { readonly expected: Accepted } {
    const { random } = this;
    const symbol = random.pick(SYMBOLS);
    const cents = Math.max(1, (this.#prices.get(symbol) ?? 10_000) + random.integer(-50, 50));
    this.#prices.set(symbol, cents);
    const size = random.chance(0.3) ? null : random.integer(1, 500);
    const id = random.chance(0.2) ? null : `t-${++this.#ids}`;
    const timestamp = Math.floor(timestampMs);
    const price = cents / 100;
    const tick = {
      ticker: symbol,
      price,
      timestamp,
      ...(size !== null && { size }),
      ...(id !== null && { id }),
    };
    const expected = {
      reason: null,
      symbol,
      t: timestamp * 1_000,
      price,
      size,
      id,
      source: 'unknown',
    } as const;
    const element = { text: JSON.stringify(tick), expected };
    if (id !== null) this.#sent.push(element);
    return element;
  }
}
