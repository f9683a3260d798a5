import type { FeedRow, SentRows } from './feed.js';
import { SyntheticFeed } from './synthetic-feed.js';
import { SyntheticMarket } from './synthetic.js';

const SETTINGS = { symbols: ['AAPL', 'MSFT', 'IBM'], rate: 20_000, seed: 3 };
const NOTHING_SENT: SentRows = { newestRow: -1, has: () => false };

async function take(n: number, sent = NOTHING_SENT): Promise<FeedRow[]> {
  const stop = new AbortController();
  const rows: FeedRow[] = [];
  for await (const batch of new SyntheticFeed(SETTINGS).batches(sent, stop.signal)) {
    rows.push(...batch);
    if (rows.length >= n) stop.abort();
  }
  return rows.slice(0, n);
}

const tickOf = ({ value }: FeedRow): Record<string, unknown> =>
  JSON.parse(value.toString()) as Record<string, unknown>;

describe('SyntheticFeed', () => {
  it("gives the market's ticks as messages, with the time of now", async () => {
    const market = new SyntheticMarket(SETTINGS);
    const before = Date.now();
    const rows = await take(3000);
    const after = Date.now();
    for (const [i, row] of rows.entries()) {
      const { id, symbol, price, size, side } = market.next();
      const { timestamp, ...tick } = tickOf(row);
      expect([row.row, row.key]).toEqual([i, symbol]);
      expect(tick).toEqual({ ticker: symbol, price, size, side, id, source: 'synthetic' });
      expect(timestamp).toBeGreaterThanOrEqual(before);
      expect(timestamp).toBeLessThanOrEqual(after);
    }
  });

  it('stamps rows with times that never go back', async () => {
    const times = (await take(3000)).map((row) => Number(tickOf(row)['timestamp']));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(times).size).toBeGreaterThan(10);
  });

  it('goes on where an earlier run ended, and fills in what had not arrived', async () => {
    const sent: SentRows = { newestRow: 25_000, has: (key, row) => row <= (key === 'IBM' ? 24_990 : 25_000) };
    const rows = await take(2000, sent);
    const market = new SyntheticMarket(SETTINGS);
    const expected = Array.from({ length: 30_000 }, () => market.next()).filter(
      ({ symbol, row }) => row > 25_000 || (symbol === 'IBM' && row > 24_990),
    );
    expect(rows.map(({ row, key }) => [row, key])).toEqual(
      expected.slice(0, 2000).map(({ row, symbol }) => [row, symbol]),
    );
    expect(rows.map((row) => tickOf(row)['price'])).toEqual(
      expected.slice(0, 2000).map(({ price }) => price),
    );
    expect(rows.some(({ row }) => row <= 25_000)).toBe(true);
  });

  it('is named by its settings', () => {
    const { name } = new SyntheticFeed(SETTINGS);
    expect(name).toMatch(/^synthetic:3:20000:[0-9a-f]{12}$/);
    expect(new SyntheticFeed({ ...SETTINGS, symbols: ['AAPL'] }).name).not.toBe(name);
  });
});
