import { goldLayer } from './gold-layer.js';
import { goldSettings } from './testing.js';

describe('goldLayer', () => {
  it.each([
    [{ allowedLatenessUs: -1 }, 'allowedLatenessUs: -1'],
    [{ maxSymbols: 0 }, 'maxSymbols: 0'],
    [{ barIntervals: goldSettings('1m,60s', 0).barIntervals }, 'barIntervals: 1m,60s'],
  ])('refuses %j by name', (wrong, message) => {
    expect(() => goldLayer({ ...goldSettings('1m', 0), ...wrong })).toThrow(RangeError);
    expect(() => goldLayer({ ...goldSettings('1m', 0), ...wrong })).toThrow(message);
  });

  it('knows its tables, the clock of a lane and how many symbols are in it', () => {
    const layer = goldLayer(goldSettings('1m', 0));
    const state = layer.initial();
    expect(layer.tables.map(({ name }) => name)).toEqual(['gold/bars', 'gold/metrics']);
    expect([layer.clockUs(state), layer.symbols(state)]).toEqual([null, 0]);
  });
});
