import fc from 'fast-check';

import { rawBytes, rawText } from './raw-text.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

it('keeps UTF-8 as it is, a BOM included', () => {
  expect(rawText(bytes('{"ticker":"Ä"}'))).toBe('{"ticker":"Ä"}');
  expect(rawText(bytes('\ufeff{}'))).toBe('\ufeff{}');
  expect(rawText(new Uint8Array(0))).toBe('');
});

it('marks what is not UTF-8 and keeps it in base64', () => {
  expect(rawText(Uint8Array.of(0xff, 0xfe))).toBe('base64://4=');
});

it('gives every value back, byte for byte', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.string({ unit: 'binary' }).map(bytes)), (value) => {
      expect([...rawBytes(rawText(value))]).toEqual([...value]);
    }),
  );
  for (const text of ['base64:', 'base64:eyJ9', '\ufeff'])
    expect([...rawBytes(text)]).toEqual([...bytes(text)]);
});

it('reads only the part of the memory that is the value', () => {
  const memory = Uint8Array.of(1, 2, 0xff, 3, 4);
  expect(rawText(memory.subarray(2, 3))).toBe('base64:/w==');
});
