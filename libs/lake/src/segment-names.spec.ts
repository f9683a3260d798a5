import { compactedName, floorName, parseChainName, segmentName, TOP_LEVEL } from './segment-names.js';

describe('names in a lane folder', () => {
  it.each([
    [segmentName(7), { kind: 'segment', level: 0 }, '00000000000000000007.parquet'],
    [compactedName(7, 1), { kind: 'segment', level: 1 }, '00000000000000000007.l1.parquet'],
    [compactedName(7, TOP_LEVEL), { kind: 'segment', level: 9 }, '00000000000000000007.l9.parquet'],
    [floorName(7), { kind: 'floor' }, '00000000000000000007.floor'],
  ])('%s', (name, what, expected) => {
    expect(name).toBe(expected);
    expect(parseChainName(name)).toEqual({ ...what, offset: 7, name });
  });

  it('have room for every safe integer', () => {
    expect(parseChainName(segmentName(Number.MAX_SAFE_INTEGER))?.offset).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each([
    '_tmp',
    '7.parquet',
    '00000000000000000007.l0.parquet',
    '00000000000000000007.l10.parquet',
    '00000000000000000007.l1.floor',
    '.nfs0001',
    '00000000000000000007.parquet.bak',
  ])('%s is nobody’s business', (name) => {
    expect(parseChainName(name)).toBeUndefined();
  });
});
