import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithData, marketData } from '../testing/market-data.js';
import { fileFormat } from './detect.js';
import { InvalidFeedError } from './feed-error.js';
import { contentHash, findFeedFiles } from './feed-files.js';

const detect = (first: string, path = 'ticks', asked = 'auto'): string =>
  fileFormat({ path, lines: first === '' ? [] : [first] }, asked);

describe('fileFormat', () => {
  it.each([
    ['{"ticker":"A","price":1,"timestamp":1700000000}', 'ticks.txt', 'jsonl'],
    ['[{"symbol":"A"}]', 'ticks.json', 'jsonl'],
    ['{"price":', 'ticks', 'jsonl'],
    ['what is this', 'ticks.jsonl', 'jsonl'],
    ['', 'empty.ndjson', 'jsonl'],
    ['ticker,price,timestamp', 'ticks.csv', 'csv'],
    ['case,"symbol", price ,timestamp,source', 'ticks', 'csv'],
    ['"timestamp","id","exchange","quoteType","price","marketHours","dayVolume"', 'quotes', 'yahoo'],
  ])('%s in %s is %s', (first, path, format) => {
    expect(detect(first, path)).toBe(format);
  });

  it.each([
    ['{"received":1.5,"msg":{"price":1}}', 'a.ndjson'],
    ['1605499846,15993.5,0.026472,ANY', 'a.csv'],
    ['exchange,symbol,timestamp,local_timestamp,id,side,price,amount', 'tardis.csv'],
    ['date,open,high,low,close,volume', 'bars.csv'],
    ['', 'empty.csv'],
  ])('refuses %s in %s, and says what it found and what is known', (first, path) => {
    expect(() => detect(first, path)).toThrow(InvalidFeedError);
    const named = first === '' ? 'it is empty' : JSON.stringify(first);
    expect(() => detect(first, path)).toThrow(named);
    expect(() => detect(first, path)).toThrow(/jsonl.*csv.*yahoo/);
  });

  it('takes the format asked for, if the file can be in it', () => {
    expect(detect('{"received":1,"msg":{}}', 'a', 'jsonl')).toBe('jsonl');
    expect(detect('exchange,symbol,timestamp,local_timestamp,price', 'a', 'csv')).toBe('csv');
    expect(() => detect('date,open', 'a', 'csv')).toThrow(InvalidFeedError);
    expect(() => detect('ticker,price,timestamp', 'a', 'yahoo')).toThrow(InvalidFeedError);
    expect(() => detect('ticker,price,timestamp', 'a', 'tardis')).toThrow('FEED_FORMAT=tardis');
  });
});

describe('findFeedFiles', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'feed-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);

  it("takes a folder's files in the order of their names", async () => {
    await write('b.csv', '\r\nticker,price,timestamp\r\n');
    await write('a.jsonl', '{}\n');
    await write('.hidden', 'x');
    await mkdir(join(folder, 'c'));
    expect(await findFeedFiles(folder, 'auto')).toEqual([
      { path: join(folder, 'a.jsonl'), format: 'jsonl' },
      { path: join(folder, 'b.csv'), format: 'csv' },
    ]);
  });

  it('names every file it cannot read', async () => {
    await write('a.csv', 'x,y\n');
    await write('b.jsonl', '{}\n');
    await write('c.csv', 'u,v\n');
    await expect(findFeedFiles(folder, 'auto')).rejects.toThrow(/a\.csv.*"x,y"[^]*c\.csv.*"u,v"/);
  });

  it('refuses what is not there, and a folder without files', async () => {
    await expect(findFeedFiles(join(folder, 'none'), 'auto')).rejects.toThrow(InvalidFeedError);
    await expect(findFeedFiles(folder, 'auto')).rejects.toThrow('without files');
  });

  it('hashes the content, not the names', async () => {
    await write('a.jsonl', '{}\n');
    const hashOf = async (name: string): Promise<string> =>
      contentHash(await findFeedFiles(join(folder, name), 'auto'));
    const one = await hashOf('a.jsonl');
    expect(one).toBe('ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356');
    expect(await hashOf('.')).toBe(one);
    await write('b.jsonl', '{}\n');
    expect(await hashOf('b.jsonl')).toBe(one);
    expect(await hashOf('.')).not.toBe(one);
  });
});

describeWithData('vendor files', () => {
  it.each([
    'trades/binance-aggTrade-ms.ndjson',
    'trades/bitstamp-trade.ndjson',
    'trades/btcusdt-2020-11-16-seconds.csv',
    'trades/coinbase-match.ndjson',
    'trades/kraken-futures-trades.csv',
    'trades/kraken-v1-trade.ndjson',
    'trades/okx-trades.ndjson',
    'vendor-samples/databento-legacy-trades.csv',
    'vendor-samples/polygon-massive-trades_v1.csv',
    'vendor-samples/tardis-ns.csv',
    'bars/intraday.csv',
    'bars/crypto_coinbase_second_btcusd_20161008_trade.zip',
  ])('%s is refused', async (path) => {
    await expect(findFeedFiles(marketData(path), 'auto')).rejects.toThrow(InvalidFeedError);
  });

  it.each(['seed/golden_batch_in.csv', 'seed/bad_bronze.csv'])('%s is CSV of ticks', async (path) => {
    expect(await findFeedFiles(marketData(path), 'auto')).toMatchObject([{ format: 'csv' }]);
  });
});
