import type { Bar } from '@engine/contracts/api';
import { barAt } from '../core/bars/testing/bar-at.js';
import { BarHistory } from './bar-history.js';
import type { PageSource } from './bar-history.js';

/** An API over some bars, in pages of `size`; asked for more than `longest` at once it refuses. */
class ListedBars implements PageSource {
  asked = 0;

  constructor(
    public bars: readonly Bar[],
    private readonly size = 3,
    private readonly longest = 100,
  ) {}

  newest(_: AbortSignal, before = Infinity): Promise<{ bars: readonly Bar[]; hasOlder: boolean }> {
    this.asked++;
    const left = this.bars.filter(({ start }) => Date.parse(start) < before);
    const page = left.slice(-this.size);
    return Promise.resolve({ bars: page, hasOlder: left.length > page.length });
  }

  since(from: number): Promise<readonly Bar[] | undefined> {
    const bars = this.bars.filter(({ start }) => Date.parse(start) >= from);
    return Promise.resolve(bars.length > this.longest ? undefined : bars);
  }
}

const seconds = (...all: number[]): Bar[] => all.map((second) => barAt(second));
const stretch = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);
const shown = (history: BarHistory): number[] =>
  history.shown.value.series.starts.map((start) => start / 1_000);

describe('the bars of an instrument', () => {
  it('are the newest page at first, older pages as they are asked for, to the first bar', async () => {
    const history = new BarHistory(new ListedBars(seconds(1, 2, 3, 4, 5, 6, 7)));
    await history.reload();
    expect(shown(history)).toEqual([5, 6, 7]);
    await history.loadOlder();
    await history.loadOlder();
    expect(shown(history)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(history.hasOlder).toBe(false);
  });

  it('are asked for once, however often one scrolls meanwhile', async () => {
    const pages = new ListedBars(seconds(1, 2, 3, 4, 5, 6, 7));
    const history = new BarHistory(pages);
    await history.reload();
    await Promise.all([history.loadOlder(), history.loadOlder(), history.loadOlder()]);
    expect(pages.asked).toBe(2);
  });

  it('have no hole after a gap, and the corrections of it', async () => {
    const pages = new ListedBars(seconds(1, 2, 3));
    const history = new BarHistory(pages);
    await history.reload();
    pages.bars = [
      barAt(1),
      barAt(2, { revision: 1, state: 'corrected', close: 7 }),
      ...seconds(3, 4, 5, 6, 7, 8),
    ];
    // The stream was there first: without the list there would be a hole behind it.
    history.add([barAt(8)]);
    await history.reload();
    expect(shown(history)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(history.shown.value.series.bars[1]?.close).toBe(7);
  });

  it('begin anew at the newest page when the gap is too long to be filled', async () => {
    const pages = new ListedBars(seconds(1, 2, 3), 3, 5);
    const history = new BarHistory(pages);
    await history.reload();
    pages.bars = seconds(1, 2, 3, 4, 5, 6, 7, 8, 9);
    await history.reload();
    expect(shown(history)).toEqual([7, 8, 9]);
    expect(history.hasOlder).toBe(true);
  });

  it('are let go of far before what is looked at, and come back without a hole', async () => {
    const all = seconds(...stretch(1, 1_300));
    const pages = new ListedBars(all.slice(0, 1_250), 600, 5_000);
    const history = new BarHistory(pages);
    history.add(pages.bars);
    await history.reload();
    await history.loadOlder();
    history.lookFrom(750_000);
    history.add(all.slice(1_250, 1_260));
    expect(shown(history)).toEqual(stretch(51, 1_260));

    const changes: number[] = [];
    history.onChange((from) => changes.push(from));
    history.lookFrom(751_000);
    history.add(all.slice(1_260));
    expect(shown(history)).toEqual(stretch(151, 1_300));
    expect(changes).toEqual([0]);

    pages.bars = all;
    await history.loadOlder();
    expect(shown(history)).toEqual(stretch(1, 1_300));
  });

  it('are not put before a hole by a page that was asked for before some were let go of', async () => {
    const all = seconds(...stretch(1, 3_000));
    const history = new BarHistory(new ListedBars(all, 1_201, 5_000));
    await history.reload();
    const older = history.loadOlder();
    history.lookFrom(3_000_000);
    history.add(seconds(3_001));
    await older;
    expect(shown(history)).toEqual(stretch(2_400, 3_001));
  });

  it('are not preceded by one that was corrected before its page was asked for', async () => {
    const history = new BarHistory(new ListedBars(seconds(...stretch(1, 7))));
    await history.reload();
    history.add([barAt(2, { revision: 1, state: 'corrected' }), barAt(8)]);
    expect(shown(history)).toEqual([5, 6, 7, 8]);
    await history.loadOlder();
    expect(shown(history)).toEqual(stretch(2, 8));
  });

  it('that are told of before any is listed stay', async () => {
    const pages = new ListedBars([]);
    const history = new BarHistory(pages);
    const loading = history.reload();
    history.add([barAt(1)]);
    await loading;
    expect(shown(history)).toEqual([1]);
  });

  it('tell from which bar on the picture has changed', async () => {
    const history = new BarHistory(new ListedBars(seconds(1, 2, 3)));
    await history.reload();
    const changes: number[] = [];
    const unsubscribe = history.onChange((from) => changes.push(from));
    history.add([barAt(3, { revision: 1, close: 1 }), barAt(4)]);
    history.add([barAt(4)]);
    unsubscribe();
    history.add([barAt(5)]);
    expect(changes).toEqual([2]);
  });
});
