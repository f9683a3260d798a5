import type { Bar } from '@engine/contracts/api';
import fc from 'fast-check';
import { BarSeries } from './bar-series.js';
import { barAt } from './testing/bar-at.js';

const closes = (series: BarSeries): number[] => series.bars.map(({ close }) => close);

describe('the series of bars', () => {
  it('puts bars in their order, wherever they come from', () => {
    const series = new BarSeries();
    expect(series.merge([barAt(3), barAt(4)])).toBe(0);
    expect(series.merge([barAt(5)])).toBe(2);
    expect(series.merge([barAt(1), barAt(2)])).toBe(0);
    expect(series.starts.map((start) => start / 1_000)).toEqual([1, 2, 3, 4, 5]);
  });

  it('updates the bar that forms in place', () => {
    const series = new BarSeries();
    series.merge([barAt(1), barAt(2, { state: 'provisional', close: 10, last_offset: 1 })]);
    expect(series.merge([barAt(2, { state: 'provisional', close: 11, last_offset: 2 })])).toBe(1);
    expect(closes(series)).toEqual([101, 11]);
  });

  it('tells of no change when a bar closes as it stood', () => {
    const series = new BarSeries();
    series.merge([barAt(1, { state: 'provisional' }), barAt(2)]);
    expect(series.merge([barAt(1, { state: 'final' })])).toBeUndefined();
    expect(series.bars[0]?.state).toBe('final');
  });

  it.each<[string, Partial<Bar>, Partial<Bar>]>([
    ['an older revision', { revision: 1, close: 7 }, { revision: 0, close: 8 }],
    ['a provisional of a closed revision', { state: 'final' }, { state: 'provisional', last_offset: 99 }],
    [
      'a provisional from before',
      { state: 'provisional', last_offset: 5 },
      { state: 'provisional', last_offset: 4 },
    ],
  ])('%s changes nothing', (_, known, late) => {
    const series = new BarSeries();
    series.merge([barAt(1, known)]);
    expect(series.merge([barAt(1, { ...late, close: 1 })])).toBeUndefined();
    expect(series.bars).toEqual([barAt(1, known)]);
  });

  it('a bar about to be corrected counts before the closed one', () => {
    const series = new BarSeries();
    series.merge([barAt(1, { state: 'final', revision: 0 })]);
    series.merge([barAt(1, { state: 'provisional', revision: 1, close: 5 })]);
    series.merge([barAt(1, { state: 'corrected', revision: 1, close: 6 })]);
    expect(closes(series)).toEqual([6]);
  });

  it('lets go of what starts before a time', () => {
    const series = new BarSeries();
    series.merge([barAt(1), barAt(2), barAt(4)]);
    series.forgetBefore(3_000);
    expect(series.starts).toEqual([4_000]);
    expect(closes(series)).toEqual([104]);
  });

  it('is the same whatever the order and however often lists and events come', () => {
    const version = fc.record({
      second: fc.integer({ min: 0, max: 8 }),
      revision: fc.integer({ min: 0, max: 2 }),
      isClosed: fc.boolean(),
      offset: fc.integer({ min: 0, max: 4 }),
    });
    // What a bar says follows from these four: two that agree in them are one and the same.
    const bar = version.map(({ second, revision, isClosed, offset }) =>
      barAt(second, {
        revision,
        state: !isClosed ? 'provisional' : revision === 0 ? 'final' : 'corrected',
        last_offset: isClosed ? 9 : offset,
        close: 1 + revision * 100 + (isClosed ? 50 : offset),
      }),
    );
    fc.assert(
      fc.property(fc.array(bar, { maxLength: 30 }), fc.infiniteStream(fc.nat()), (bars, random) => {
        const inOrder = new BarSeries();
        inOrder.merge(bars);
        const shuffled = [...bars, ...bars]
          .map((one) => ({ one, key: random.next().value as number }))
          .sort((a, b) => a.key - b.key);
        const oneByOne = new BarSeries();
        for (const { one } of shuffled) oneByOne.merge([one]);
        expect(oneByOne.bars).toEqual(inOrder.bars);
      }),
    );
  });

  it('says from where on the picture has changed', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat({ max: 50 }), { minLength: 1 }),
        fc.array(fc.tuple(fc.nat({ max: 50 }), fc.integer({ min: 1, max: 9 })), { minLength: 1 }),
        (known, news) => {
          const series = new BarSeries();
          series.merge(known.map((second) => barAt(second)));
          const before = [...series.bars];
          const from = series.merge(
            news.map(([second, revision]) => barAt(second, { revision, close: revision })),
          );
          const unchanged = from ?? series.bars.length;
          expect(closes(series).slice(0, unchanged)).toEqual(
            before.slice(0, unchanged).map(({ close }) => close),
          );
          if (from !== undefined) expect(series.bars[from]?.close).not.toBe(before[from]?.close);
        },
      ),
    );
  });
});
