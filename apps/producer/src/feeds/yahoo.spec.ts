import { readFileSync } from 'node:fs';
import { describeWithData, marketData } from '../testing/market-data.js';
import type { SentRows } from './feed.js';
import { FileFeed } from './file-feed.js';
import { yahooTicks } from './yahoo.js';

const NOTHING_SENT: SentRows = { newestRow: -1, has: () => false };

describe("Yahoo's streaming quotes", () => {
  it('makes sizes of the growing count of the day, ticker by ticker', () => {
    const toMessage = yahooTicks(['timestamp', 'id', 'price', 'dayVolume']);
    const sizeOf = (id: string, dayVolume: string): unknown =>
      (JSON.parse(toMessage(['2023-09-05T16:00:00Z', id, '1.5', dayVolume])) as { size: unknown }).size;
    expect([sizeOf('A', '1.5E3'), sizeOf('B', '7'), sizeOf('A', '1501'), sizeOf('A', '1501')]).toEqual([
      null,
      null,
      1,
      0,
    ]);
    expect([sizeOf('A', '3'), sizeOf('A', ''), sizeOf('A', '5.0'), sizeOf('B', '10')]).toEqual([
      null,
      null,
      2,
      3,
    ]);
  });

  it('says ticker for id, keeps the time as given and passes on the rest', () => {
    const header = ['timestamp', 'id', 'exchange', 'price', 'dayVolume', 'change'];
    const message = yahooTicks(header)([
      '2023-09-05T16:00:00.000000Z',
      'TSLA',
      'NMS',
      '252.785003662109',
      '6.8E7',
      '',
    ]);
    expect(JSON.parse(message)).toEqual({
      ticker: 'TSLA',
      timestamp: '2023-09-05T16:00:00.000000Z',
      exchange: 'NMS',
      price: '252.785003662109',
      dayVolume: '6.8E7',
      size: null,
      source: 'yahoo',
    });
  });
});

describeWithData('an hour of the NASDAQ', () => {
  const path = marketData('trades/nasdaq-2023-09-05.csv');

  it('has the tickers, times, prices and sizes that a loop over the file finds', async () => {
    const expected: unknown[] = [];
    const volumes: Record<string, number> = {};
    for (const line of readFileSync(path, 'utf8').split('\r\n').slice(1, -1)) {
      const fields = line.split(',').map((field) => field.replaceAll('"', ''));
      const [timestamp, ticker, , , price] = fields;
      const [volume, before] = [Number(fields[7]), volumes[ticker!]];
      const size = before === undefined || volume < before ? null : volume - before;
      volumes[ticker!] = volume;
      expected.push([ticker, timestamp, Number(price), size, Date.parse(timestamp!) * 1000]);
    }
    expect(expected).toHaveLength(14_842);

    const feed = await FileFeed.open({ path, format: 'auto', speed: 'max' });
    const found: unknown[] = [];
    const ids = new Set<unknown>();
    for await (const rows of feed.batches(NOTHING_SENT, new AbortController().signal))
      for (const { key, value, eventTimeUs } of rows) {
        const tick = JSON.parse(value.toString()) as Record<string, unknown>;
        expect(key).toBe(tick['ticker']);
        ids.add(tick['id']);
        found.push([tick['ticker'], tick['timestamp'], Number(tick['price']), tick['size'], eventTimeUs]);
      }
    expect(found).toEqual(expected);
    expect(ids.size).toBe(14_842);
    expect(feed.name).toMatch(/^file:yahoo:[0-9a-f]{32}$/);
  });
});
