import fc from 'fast-check';

import type { Kinds } from './fields.js';
import { flag, float, floatOrNull, int32, oneOf, packFields, unpackFields } from './fields.js';

interface Thing {
  number: number;
  whole: number;
  is: boolean;
  price: number | null;
  side: 'buy' | 'sell';
}

const kinds: Kinds<Thing> = {
  number: float,
  whole: int32,
  is: flag,
  price: floatOrNull,
  side: oneOf({ buy: 0, sell: 1 }),
};

const thing = fc.record({
  number: fc.double(),
  whole: fc.integer(),
  is: fc.boolean(),
  price: fc.option(fc.double({ noNaN: true })),
  side: fc.constantFrom('buy' as const, 'sell' as const),
});

it('gives every field back, NaN, -0, infinities and nulls too', () => {
  fc.assert(
    fc.property(fc.array(thing), (things) => {
      const blanks = things.map((): Thing => ({ number: 1, whole: 1, is: true, price: 1, side: 'buy' }));
      unpackFields(kinds, packFields(kinds, things), blanks);
      expect(blanks).toStrictEqual(things.map((each) => ({ ...each })));
    }),
  );
});

it('makes columns of as many values as there are objects, of the fields alone', () => {
  const things = [{ number: 2, whole: 3, is: true, price: null, side: 'sell' as const, more: 'left out' }];
  const columns = packFields<Thing>(kinds, things);
  expect(Object.keys(columns)).toEqual(['number', 'whole', 'is', 'price', 'side']);
  expect(Object.values(columns).map(({ length }) => length)).toEqual([1, 1, 1, 1, 1]);
});
