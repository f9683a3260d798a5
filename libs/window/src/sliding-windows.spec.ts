import fc from 'fast-check';
import { SlidingWindows } from './sliding-windows.js';

const MINUTE = 60e6;
const LAST_INSTANT = Date.UTC(2255, 0, 1) * 1000 - 1;

/** Whole-number arithmetic without rounding, window by window. */
function windowStartsByBigInt(instantUs: number, sizeUs: number, slideUs: number): number[] {
  const [instant, size, slide] = [BigInt(instantUs), BigInt(sizeUs), BigInt(slideUs)];
  const starts: number[] = [];
  for (let start = (instant / slide) * slide; start + size > instant; start -= slide)
    starts.push(Number(start));
  return starts;
}

describe('SlidingWindows', () => {
  const windows = new SlidingWindows(MINUTE, MINUTE / 2);
  const at = (time: string): string[] =>
    windows
      .windowsAt(Date.parse(`2024-02-29T${time}Z`) * 1000)
      .map(({ startUs }) => new Date(startUs / 1000).toISOString().slice(11, 19));

  it.each([
    ['10:00:45', ['10:00:30', '10:00:00']],
    ['10:00:30', ['10:00:30', '10:00:00']],
    ['10:00:29.999', ['10:00:00', '09:59:30']],
    ['00:00:00', ['00:00:00', '23:59:30']],
  ])('knows the windows that hold %s, newest first', (time, starts) => {
    expect(at(time)).toEqual(starts);
  });

  it('has windows that begin below 0 in the first seconds of 1970', () => {
    expect(windows.windowsAt(0)).toEqual([
      { startUs: 0, endUs: MINUTE },
      { startUs: -MINUTE / 2, endUs: MINUTE / 2 },
    ]);
  });

  it('is exact for any instant in [1970, 2255)', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 20 }), fc.nat(1e6));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LAST_INSTANT }), sizes, (instant, [slide, factor, rest]) => {
        const size = slide * factor + (rest % slide);
        const starts = new SlidingWindows(size, slide).windowsAt(instant).map(({ startUs }) => startUs);
        expect(starts).toEqual(windowStartsByBigInt(instant, size, slide));
      }),
    );
  });

  it('is exact one µs before, at and after each boundary near the end of its time', () => {
    for (const slide of [1, 3, 7, 1e6, 30e6, 60e6]) {
      const boundary = Math.floor(LAST_INSTANT / slide) * slide;
      for (const instant of [boundary - 1, boundary, Math.min(boundary + 1, LAST_INSTANT)]) {
        const definition = new SlidingWindows(2 * slide, slide);
        expect(definition.windowsAt(instant).map(({ startUs }) => startUs)).toEqual(
          windowStartsByBigInt(instant, 2 * slide, slide),
        );
      }
    }
  });

  it.each([
    [0, 1, 'window size: 0'],
    [1.5, 1, 'window size: 1.5'],
    [10, -1, 'window slide: -1'],
    [10, 11, 'window slide: 11'],
  ])('refuses size %d with slide %d by name', (size, slide, message) => {
    expect(() => new SlidingWindows(size, slide)).toThrow(RangeError);
    expect(() => new SlidingWindows(size, slide)).toThrow(message);
  });
});
