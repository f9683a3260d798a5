import fc from 'fast-check';
import { parseSelection, queryOf } from './selection.js';

describe('the selection in the address', () => {
  it('comes back as it went, whatever the symbol', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.constantFrom('1s', '15m', '1d'),
        fc.constantFrom('candles' as const, 'line' as const),
        (symbol, interval, style) => {
          const selection = { symbol, interval, style };
          expect(parseSelection(queryOf(selection))).toEqual(selection);
        },
      ),
    );
  });

  it.each(['', '?', '?interval=', '?interval=1x&style=bars', '?interval=<script>'])(
    'is the default for %j',
    (query) => {
      expect(parseSelection(query)).toEqual({ symbol: undefined, interval: '1s', style: 'candles' });
    },
  );
});
