import type { Random } from '@engine/oracle';
import { acceptedTicks } from './acceptances.js';
import { accepted, record, refused } from './expected.js';
import type { Accepted, Expected, InputRecord } from './expected.js';
import { refusedTicks, tickText } from './refusals.js';

const SECOND = 1_000_000;
/** 90 minutes before a leap day begins. */
const START = 1_709_159_400 * SECOND;
const STEP = SECOND / 2;
const LATENESS = 120 * SECOND;
const FUTURE = 4_102_444_800 * SECOND;

/** How far behind the others a symbol's clock runs. */
const clockOffsets: Readonly<Record<string, number>> = {
  AAPL: 0,
  MSFT: 0,
  NVDA: 0,
  AMZN: 0,
  GOOGL: 0,
  'BRK.B': 0,
  '^GSPC': 0,
  'EUR/USD': 0,
  'BTC-USD': 0,
  a: 90 * SECOND,
  constructor: 0,
  TSLA: 600 * SECOND,
  ['Q'.repeat(32)]: 30 * SECOND,
};
const symbols = Object.keys(clockOffsets);

interface Element {
  readonly text: string;
  readonly expected: Expected;
}

/** A tick is repeated while it is among the newest so many that have an id. */
const REMEMBERED = 400;

/** A feed as bad as they come: of every kind something, reproducible. One record a line; blank ones are the caller's. */
export class MessyFeed {
  readonly #prices = new Map(symbols.map((symbol, at) => [symbol, 10_000 + at * 1_000]));
  #recent: (Element & { expected: Accepted })[] = [];
  #clock = START;
  #ids = 0;

  constructor(private readonly random: Random) {}

  records(count: number): InputRecord[] {
    const fixed = [...this.#vectors(), ...this.#arrays()];
    const generated = Array.from({ length: count - fixed.length }, () => this.#next());
    // Scattered, so that the odd ones meet every state.
    const every = Math.floor(generated.length / fixed.length);
    return generated
      .flatMap((one, at) => (at % every === 0 ? [one, ...fixed.splice(0, 1)] : [one]))
      .concat(fixed);
  }

  #vectors(): InputRecord[] {
    const bad = Object.entries(refusedTicks).flatMap(([reason, texts]) =>
      texts.map((text) => record(text, refused(reason))),
    );
    const good = acceptedTicks.map(([text, expected]) => record(text, expected));
    return [...bad, ...good];
  }

  #arrays(): InputRecord[] {
    const tooMany = `[${Array.from({ length: 10_001 }, () => '1').join(',')}]`;
    const most = Array.from({ length: 10_000 }, (_, at) =>
      this.#honest({ symbol: 'MANY', source: `many-${at % 3}` }),
    );
    const huge = tickText({ extra: `"${'x'.repeat(2 ** 20)}"` });
    return [
      record('[]', refused('empty')),
      record(tooMany, refused('too_many')),
      record(huge, refused('too_large')),
      record(
        '[[],null,1,{}]',
        refused('not_an_object'),
        refused('not_an_object'),
        refused('not_an_object'),
        refused('missing_ticker'),
      ),
      inOneArray(most.slice(0, 3_000)),
    ];
  }

  #next(): InputRecord {
    this.#clock += STEP;
    if (this.random.chance(0.03)) {
      const size = this.random.integer(1, 12);
      return inOneArray(Array.from({ length: size }, () => this.#element()));
    }
    const element = this.#element();
    return record(element.text, element.expected);
  }

  #element(): Element {
    const kind = this.random.next();
    const now = this.#clock;
    if (kind < 0.05) return this.#refused();
    if (kind < 0.12) return this.#repeated();
    if (kind < 0.16) return this.#honest({ t: now - LATENESS - this.random.integer(1, 3_000 * SECOND) });
    if (kind < 0.18) return this.#honest({ t: FUTURE });
    if (kind < 0.3) return this.#honest({ t: now - this.random.integer(0, LATENESS + 2 * SECOND) });
    if (kind < 0.31) return this.#honest({ t: now - (now % (60 * SECOND)) });
    return this.#honest({});
  }

  #refused(): Element {
    const reason = this.random.pick(Object.keys(refusedTicks).filter((name) => name !== 'not_json'));
    return { text: this.random.pick(refusedTicks[reason] ?? []), expected: refused(reason) };
  }

  /** A tick with an id that was sent before: byte for byte, or with another price and time. */
  #repeated(): Element {
    if (this.#recent.length === 0) return this.#honest({});
    const { text, expected } = this.random.pick(this.#recent.slice(-REMEMBERED));
    if (this.random.chance(0.5)) return { text, expected };
    const { symbol, id, source } = expected;
    return this.#honest({ symbol, id, source });
  }

  #honest(given: Partial<Accepted>): Element & { expected: Accepted } {
    const symbol = given.symbol ?? this.random.pick(symbols);
    const at = (given.t ?? this.#clock) - (clockOffsets[symbol] ?? 0);
    const [t, timestamp] = this.#time(at);
    const cents = Math.max(1, (this.#prices.get(symbol) ?? 5_000) + this.random.integer(-30, 30));
    this.#prices.set(symbol, cents);
    const [size, sizeField] = this.#size();
    const id = 'id' in given ? (given.id ?? null) : this.#id();
    const source = given.source ?? this.random.pick(['unknown', 'alpha', 'beta']);
    const side = this.random.pick([null, 'buy', 'sell']);
    const expected = accepted({ symbol, t, price: cents / 100, size, side, id, source });
    const text = tickText({
      ...this.#ticker(symbol),
      price: this.random.pick([String(cents / 100), `"${(cents / 100).toFixed(4)}"`, `${cents}e-2`]),
      timestamp,
      ...sizeField,
      side: side === null ? this.random.pick([undefined, 'null']) : `"${side}"`,
      id: id === null ? undefined : /^\d+$/.test(id) && this.random.chance(0.5) ? id : `"${id}"`,
      source: source === 'unknown' ? this.random.pick([undefined, '"unknown"']) : `"${source}"`,
      extra: this.random.chance(0.1) ? '{"venue":"\\u00fc"}' : undefined,
    });
    const element = { text, expected };
    this.#remember(element);
    return element;
  }

  #remember(element: Element & { expected: Accepted }): void {
    if (element.expected.id === null) return;
    this.#recent.push(element);
    if (this.#recent.length > 10 * REMEMBERED) this.#recent = this.#recent.slice(-REMEMBERED);
  }

  #ticker(symbol: string): Record<string, string | undefined> {
    const kind = this.random.integer(0, 9);
    if (kind === 0) return { ticker: undefined, symbol: `"${symbol}"` };
    if (kind === 1) return { ticker: `" ${symbol}\\t"` };
    return { ticker: `"${symbol}"` };
  }

  #size(): [number | null, Record<string, string>] {
    if (this.random.chance(0.3)) return [null, {}];
    const hundredths = this.random.integer(0, 100_000);
    const name = this.random.pick(['size', 'volume', 'quantity']);
    const text = this.random.pick([String(hundredths / 100), `"${(hundredths / 100).toFixed(3)}"`]);
    return [hundredths / 100, { [name]: text }];
  }

  #id(): string | null {
    if (this.random.chance(0.25)) return null;
    this.#ids += 1;
    return this.random.chance(0.5) ? String(this.#ids) : `id-${this.#ids}`;
  }

  /** A time near `at` that the notation can express, and the notation. */
  #time(at: number): [number, string] {
    const seconds = at - (at % SECOND);
    const ms = at - (at % 1_000) + 1_000 * this.random.integer(0, 99);
    const us = at + this.random.integer(1, 99_999);
    const iso = (t: number) => new Date(Math.floor(t / 1_000)).toISOString();
    return this.random.pick<() => [number, string]>([
      () => [seconds, String(seconds / SECOND)],
      () => [seconds, `"${seconds / SECOND}"`],
      () => [ms, String(ms / 1_000)],
      () => [ms, `"${ms / 1_000}"`],
      () => [us, String(us)],
      () => [us, `"${us}"`],
      () => [us, `"${us}${this.random.integer(100, 999)}"`],
      () => [us, `${Math.floor(us / SECOND)}.${String(us % SECOND).padStart(6, '0')}1`],
      () => [ms, `"${iso(ms)}"`],
      () => [ms, `"${iso(ms + 19_800 * SECOND).replace('Z', '+05:30')}"`],
    ])();
  }
}

function inOneArray(elements: readonly Element[]): InputRecord {
  return record(
    `[${elements.map(({ text }) => text).join(',')}]`,
    ...elements.map(({ expected }) => expected),
  );
}
