import fc from 'fast-check';
import { parseBarInterval } from './bar-interval.js';
import { OpenEnds } from './open-ends.js';
import { SlidingWindows } from './sliding-windows.js';

const SECOND = 1e6;

describe('OpenEnds', () => {
  const open = (): OpenEnds =>
    new OpenEnds(
      new SlidingWindows(60 * SECOND, 30 * SECOND),
      [parseBarInterval('1m'), parseBarInterval('5m')],
      10 * SECOND,
    );

  it('knows the earliest and the latest end of what is open', () => {
    const ends = open();
    expect([ends.earliestUs, ends.latestUs]).toEqual([null, null]);
    ends.ticked(65 * SECOND, 65 * SECOND);
    expect([ends.earliestUs, ends.latestUs]).toEqual([90 * SECOND, 300 * SECOND]);
    ends.moved(100 * SECOND - 1);
    expect(ends.earliestUs).toBe(90 * SECOND);
    ends.moved(100 * SECOND);
    expect(ends.earliestUs).toBe(120 * SECOND);
    ends.marked(310 * SECOND);
    expect([ends.earliestUs, ends.latestUs]).toEqual([null, null]);
  });

  it('remembers until the next marker that a tick fell into something closed', () => {
    const ends = open();
    ends.ticked(SECOND, 69 * SECOND);
    expect(ends.closedTouched).toBe(true);
    ends.marked(400 * SECOND);
    expect(ends.closedTouched).toBe(false);
    ends.ticked(SECOND, 400 * SECOND);
    expect([ends.closedTouched, ends.latestUs]).toEqual([true, null]);
  });

  it('equals a list of all spans that hold a tick, whatever the definition, order and snapshots', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: -12, max: 15 }), fc.nat(9)), { maxLength: 80 });
    const sizes = fc.constantFrom<[number, number][]>([60, 30], [50, 30], [7, 7], [100, 9]);
    fc.assert(
      fc.property(steps, sizes, fc.constantFrom([], ['10s', '1m']), (all, [size, slide], names) => {
        const intervals = names.map((name) => parseBarInterval(name));
        const definition = new SlidingWindows(size * SECOND, slide * SECOND);
        const newEnds = (): OpenEnds => new OpenEnds(definition, intervals, 20 * SECOND);
        let ends = newEnds();
        const series = [[size, slide], ...intervals.map(({ sizeUs }) => [sizeUs / SECOND, sizeUs / SECOND])];
        const known = new Set<number>();
        let [clock, time, closedTouched] = [0, 100, false];
        for (const [step, kind] of all) {
          time = Math.max(0, time + step);
          clock = Math.max(clock, time);
          if (kind > 0) {
            for (let start = -300; start <= time; start++)
              for (const [length, every] of series)
                if (start % every! === 0 && start + length! > time) {
                  if (start + length! + 20 <= clock) closedTouched = true;
                  else known.add(start + length!);
                }
            ends.ticked(time * SECOND, clock * SECOND);
            ends.moved(clock * SECOND);
          } else {
            ends.marked(clock * SECOND);
            closedTouched = false;
          }
          for (const end of known) if (end + 20 <= clock) known.delete(end);
          const sorted = [...known].sort((a, b) => a - b).map((end) => end * SECOND);
          expect([ends.earliestUs, ends.latestUs]).toEqual([sorted[0] ?? null, sorted.at(-1) ?? null]);
          expect(ends.closedTouched).toBe(closedTouched);
          // Now and then a jump, so that ticks around the known instants fall into closed spans.
          if (kind === 9) clock += 40;
          if (kind === 9) ends.moved(clock * SECOND);
          if (kind === 8) ends = newEnds().restore(ends.snapshot());
        }
      }),
      { numRuns: 300 },
    );
  });

  it('sees the second tick of an instant whose spans were closed in between, and the one after a marker', () => {
    const ends = open();
    ends.ticked(SECOND, SECOND);
    ends.moved(400 * SECOND);
    ends.ticked(SECOND, 400 * SECOND);
    expect(ends.closedTouched).toBe(true);
    ends.marked(401 * SECOND);
    ends.ticked(SECOND, 401 * SECOND);
    expect(ends.closedTouched).toBe(true);
  });
});
