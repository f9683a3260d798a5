import { laneOf, murmur2 } from './lane.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('murmur2', () => {
  // From the tests of Apache Kafka's clients, UtilsTest.testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as Kafka does', (text, hash) => {
    expect(murmur2(bytes(text))).toBe(hash);
  });

  it('takes bytes above 127 as unsigned, in words and in the tail', () => {
    const hashes = [bytes('é'), bytes('日本語'), Uint8Array.of(255, 254, 253, 252, 251)].map(murmur2);
    expect(new Set(hashes).size).toBe(3);
    expect(hashes.every(Number.isInteger)).toBe(true);
  });
});

describe('laneOf', () => {
  it('takes the lower 31 bits of the hash modulo the lanes, as the default partitioner', () => {
    expect(laneOf('21', 4)).toBe((-973932308 & 0x7fffffff) % 4);
    expect(laneOf('abc', 7)).toBe(479470107 % 7);
  });

  it('stays within the lanes and uses all of them', () => {
    const symbols = Array.from({ length: 500 }, (_, i) => `SYM${i}`);
    expect(new Set(symbols.map((symbol) => laneOf(symbol, 8)))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
    expect(laneOf('AAPL', 1)).toBe(0);
  });
});
