import { compactedName, floorName, parseChainName, segmentName } from './segment-names.js';

describe('names in a lane folder', () => {
  it.each([
    [segmentName(7), 'l0', '00000000000000000007.parquet'],
    [compactedName(7), 'l1', '00000000000000000007.l1.parquet'],
    [floorName(7), 'floor', '00000000000000000007.floor'],
  ])('%s', (name, kind, expected) => {
    expect(name).toBe(expected);
    expect(parseChainName(name)).toEqual({ kind, offset: 7, name });
  });

  it('have room for every safe integer', () => {
    expect(parseChainName(segmentName(Number.MAX_SAFE_INTEGER))?.offset).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each([
    '_tmp',
    '7.parquet',
    '00000000000000000007.l2.parquet',
    '.nfs0001',
    '00000000000000000007.parquet.bak',
  ])('%s is nobody’s business', (name) => {
    expect(parseChainName(name)).toBeUndefined();
  });
});
