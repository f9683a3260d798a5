import fc from 'fast-check';
import { LaneClock } from './lane-clock.js';
import { RevisionBook } from './revision-book.js';
import type { Span, SymbolSpans } from './span.js';

interface Bar extends Span {
  readonly symbol: string;
  ticks: number;
}

function openSpan(series: number, startUs: number, endUs: number): Span {
  return { series, startUs, endUs, phase: 'open', revision: -1, publishedAtUs: NaN };
}

/** The spans of a symbol that has none yet. */
function noSpans(series: number): SymbolSpans<Bar> {
  return { newestUs: -Infinity, series: Array.from({ length: series }, () => []), nextSettleUs: Infinity };
}

/** `[symbol, event time]`, or a marker's time. Seconds. */
type Event = readonly [string, number] | number;

/**
 * A lane whose symbols have bars of these sizes. Returns per event what it published: `A[60,120)r0x1@240`. `restarting`: it
 * goes on from copies of its bars after every event.
 */
function lane(lateness: number, sizes: readonly number[], restarting = false): (event: Event) => string[] {
  let book = new RevisionBook<Bar>(lateness * 1e6);
  const clock = new LaneClock();
  let symbols = new Map<string, SymbolSpans<Bar>>();
  let published: string[] = [];
  const publish = (bar: Bar): void => {
    const { symbol, startUs, endUs, revision, ticks, publishedAtUs } = bar;
    published.push(`${symbol}[${startUs / 1e6},${endUs / 1e6})r${revision}x${ticks}@${publishedAtUs / 1e6}`);
  };
  const tick = (symbol: string, timeUs: number): void => {
    const spans = symbols.get(symbol) ?? noSpans(sizes.length);
    symbols.set(symbol, spans);
    spans.newestUs = Math.max(spans.newestUs, timeUs);
    clock.tick(timeUs);
    sizes.forEach((size, series) => {
      const startUs = Math.floor(timeUs / (size * 1e6)) * size * 1e6;
      const endUs = startUs + size * 1e6;
      const known = book.find(spans, series, endUs);
      const bar = known ?? { ...openSpan(series, startUs, endUs), symbol, ticks: 0 };
      if (known === undefined) book.open(spans, bar);
      else book.touched(bar);
      bar.ticks += 1;
    });
    book.advance(spans, clock.us, publish);
  };
  const restart = (): void => {
    const bars = book.unsettled(symbols.values());
    book = new RevisionBook<Bar>(lateness * 1e6);
    symbols = new Map(
      [...symbols].map(([name, { newestUs }]) => [name, { ...noSpans(sizes.length), newestUs }]),
    );
    for (const bar of bars) book.putBack(symbols.get(bar.symbol)!, { ...bar });
  };
  return (event) => {
    published = [];
    if (typeof event !== 'number') tick(event[0], event[1] * 1e6);
    else if (clock.marker(event * 1e6)) book.marker(clock.us, publish);
    if (restarting) restart();
    return published;
  };
}

/**
 * The rules, read off the definitions: after each event every bar ever made is looked at. Lists only, no queue; what is
 * published in one step comes as a set.
 */
function obviousLane(lateness: number, sizes: readonly number[]): (event: Event) => string[] {
  const bars: {
    symbol: string;
    start: number;
    end: number;
    ticks: number;
    shown: number;
    revision: number;
    at: number;
  }[] = [];
  const newest = new Map<string, number>();
  let clock = -Infinity;
  let marker = -Infinity;
  return (event) => {
    const isMarker = typeof event === 'number';
    if (isMarker && event <= marker) return [];
    const time = isMarker ? event : event[1];
    if (isMarker) marker = event;
    clock = Math.max(clock, time);
    if (!isMarker) {
      newest.set(event[0], Math.max(newest.get(event[0]) ?? -Infinity, time));
      for (const size of sizes) {
        const start = Math.floor(time / size) * size;
        const same = bars.find((b) => b.symbol === event[0] && b.start === start && b.end === start + size);
        if (same !== undefined) same.ticks++;
        else
          bars.push({
            symbol: event[0],
            start,
            end: start + size,
            ticks: 1,
            shown: 0,
            revision: -1,
            at: -Infinity,
          });
      }
    }
    const published: string[] = [];
    for (const bar of bars) {
      const settled = newest.get(bar.symbol)! >= bar.end + lateness;
      const closes = bar.revision === -1 && clock >= bar.end + lateness;
      const dirty = bar.revision >= 0 && bar.ticks !== bar.shown;
      if (!closes && !(dirty && (settled || clock >= bar.at + 10 || isMarker))) continue;
      Object.assign(bar, { revision: bar.revision + 1, shown: bar.ticks, at: clock });
      published.push(`${bar.symbol}[${bar.start},${bar.end})r${bar.revision}x${bar.ticks}@${bar.at}`);
    }
    return published;
  };
}

describe('RevisionBook', () => {
  it('follows the example of its docstring', () => {
    const on = lane(120, [60]);
    expect(on(['A', 90])).toEqual([]);
    expect(on(['B', 239])).toEqual([]);
    expect(on(['B', 240])).toEqual(['A[60,120)r0x1@240']);
    expect(on(['A', 100])).toEqual([]);
    expect(on(['B', 249])).toEqual([]);
    expect(on(['B', 250])).toEqual(['A[60,120)r1x2@250']);
    expect(on(['A', 110])).toEqual([]);
    expect(on(['A', 251])).toEqual(['A[60,120)r2x3@251']);
    expect(on(['C', 70])).toEqual(['C[60,120)r0x1@251']);
  });

  it('publishes a closing, settling bar once, and never again', () => {
    const on = lane(10, [60]);
    on(['A', 5]);
    expect(on(['A', 70])).toEqual(['A[0,60)r0x1@70']);
    expect(on(1000)).toEqual(['A[60,120)r0x1@1000']);
    expect(on(2000)).toEqual([]);
  });

  it('publishes dirty bars at a marker, also at one behind the clock, but not at a repeated one', () => {
    const on = lane(10, [60]);
    on(['A', 59]);
    on(['B', 70]);
    on(['A', 58]);
    expect(on(50)).toEqual(['A[0,60)r1x2@70']);
    on(['A', 57]);
    expect(on(50)).toEqual([]);
    expect(on(51)).toEqual(['A[0,60)r2x3@70']);
  });

  it('publishes at once when a tick finds its bar unchanged for 10 s', () => {
    const on = lane(10, [60]);
    on(['A', 59]);
    on(['B', 70]);
    on(['B', 85]);
    expect(on(['A', 58])).toEqual(['A[0,60)r1x2@85']);
    expect(on(['A', 58])).toEqual([]);
  });

  it('closes by end, then by when the bars were opened', () => {
    const on = lane(10, [60, 20]);
    on(['B', 45]);
    on(['A', 45]);
    on(['A', 30]);
    expect(on(1000)).toEqual([
      'A[20,40)r0x1@1000',
      'B[0,60)r0x1@1000',
      'B[40,60)r0x1@1000',
      'A[0,60)r0x2@1000',
      'A[40,60)r0x1@1000',
    ]);
  });

  it('lets a publication make later bars dirty, in a correction, at a marker and when a symbol settles', () => {
    const book = new RevisionBook<Bar>(0);
    const spans = noSpans(1);
    const bars = [0, 1, 2].map((i): Bar => ({
      ...openSpan(0, i * 10e6, i * 10e6 + 10e6),
      symbol: 'A',
      ticks: 1,
    }));
    for (const bar of bars) book.open(spans, bar);
    const seen: string[] = [];
    const publish = (bar: Bar): void => {
      const at = bars.indexOf(bar);
      seen.push(`${at}r${bar.revision}`);
      if (bar.revision > 0 && at < 2) book.touched(bars[at + 1]!);
    };
    book.marker(30e6, publish);
    book.touched(bars[0]!);
    book.marker(31e6, publish);
    expect(seen.splice(0)).toEqual(['0r0', '1r0', '2r0', '0r1', '1r1', '2r1']);
    book.touched(bars[0]!);
    spans.newestUs = 32e6;
    book.advance(spans, 32e6, publish);
    expect(seen).toEqual(['0r2', '1r2', '2r2']);
    expect(spans.series).toEqual([[]]);
  });

  it('publishes what is dirty when a symbol is let go, and nothing of it afterwards', () => {
    const book = new RevisionBook<Bar>(0);
    const spans = noSpans(1);
    const bar: Bar = { ...openSpan(0, 0, 10e6), symbol: 'A', ticks: 1 };
    book.open(spans, bar);
    const seen: number[] = [];
    const publish = ({ revision }: Bar): void => void seen.push(revision);
    book.marker(20e6, publish);
    book.touched(bar);
    book.letGo(spans, 21e6, publish);
    book.marker(90e6, publish);
    expect(seen).toEqual([0, 1]);
    expect([bar.phase, spans.nextSettleUs]).toEqual(['settled', Infinity]);
  });

  it('publishes an open bar of a symbol that is let go once, not again when its time comes', () => {
    const book = new RevisionBook<Bar>(0);
    const spans = noSpans(1);
    book.open(spans, { ...openSpan(0, 0, 10e6), symbol: 'A', ticks: 1 });
    const seen: number[] = [];
    const publish = ({ revision }: Bar): void => void seen.push(revision);
    book.letGo(spans, 5e6, publish);
    book.marker(90e6, publish);
    expect(seen).toEqual([0]);
  });

  describe('on any lane', () => {
    const times = fc.integer({ min: 0, max: 200 });
    const tick = fc.tuple(fc.constantFrom('A', 'B', 'C'), times);
    const all = fc.array(fc.oneof({ weight: 9, arbitrary: tick }, { weight: 1, arbitrary: times }), {
      maxLength: 120,
    });
    const lanes = fc.tuple(all, fc.constantFrom(0, 5, 30)).map(([events, lateness]) => {
      const newest = new Map<string, number>();
      const inTime = events.filter((event) => {
        if (typeof event === 'number') return true;
        const before = newest.get(event[0]) ?? -Infinity;
        newest.set(event[0], Math.max(before, event[1]));
        return event[1] >= before - lateness;
      });
      return [inTime, lateness] as const;
    });

    it('publishes what the definitions say, step by step', () => {
      fc.assert(
        fc.property(lanes, ([events, lateness]) => {
          const [on, obvious] = [lane(lateness, [60, 7]), obviousLane(lateness, [60, 7])];
          for (const event of events) expect(on(event).sort()).toEqual(obvious(event).sort());
        }),
        { numRuns: 300 },
      );
    });

    it('publishes the same in the same order when its spans are put back into a new book after each step', () => {
      fc.assert(
        fc.property(lanes, ([events, lateness]) => {
          const [on, restarting] = [lane(lateness, [60, 7]), lane(lateness, [60, 7], true)];
          for (const event of events) expect(restarting(event)).toEqual(on(event));
        }),
        { numRuns: 300 },
      );
    });
  });
});
