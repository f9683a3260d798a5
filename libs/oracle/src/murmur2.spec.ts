import { laneOf, murmur2 } from './murmur2.js';

/** From Apache Kafka's own test (UtilsTest.testMurmur2). */
const kafkas: readonly [string, number][] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
];

describe('murmur2', () => {
  it.each(kafkas)('hashes %s as Kafka does', (text, hash) => {
    expect(murmur2(new TextEncoder().encode(text))).toBe(hash);
  });

  it('puts a symbol into one of the lanes', () => {
    expect(laneOf('foobar', 1000)).toBe((-790332482 & 0x7fffffff) % 1000);
  });
});
