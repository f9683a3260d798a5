import { barFigures, currentBars } from './checks/columns.js';
import { differences } from '@engine/oracle';
import type { Row } from '@engine/oracle';
import { startUp, untilNoProcessNames } from './support/engine.js';
import type { EngineProcess } from './support/engine.js';
import { withLake } from './support/lake.js';
import { freePort } from './support/ports.js';
import { killAll, processesNaming } from './support/processes.js';
import { tempFolder } from './support/temp-folder.js';
import { until } from './support/until.js';

/** Bars of a second that close two seconds later: soon there are some to compare. */
const quick = {
  FEED_RATE: '200',
  FEED_SYMBOLS: 'AAPL,MSFT',
  BAR_INTERVALS: '1s,1m',
  ALLOWED_LATENESS_MS: '2000',
  MAX_FUTURE_MS: '1000',
  IDLE_MS: '1000',
  SEGMENT_MAX_MS: '500',
};
const CLOSED_BARS = 10;

/** Sorts as text in the order of the lane. */
const placeOf = ({ lane_offset, lane_index }: Record<string, unknown>): string =>
  `${String(lane_offset).padStart(12, '0')}.${String(lane_index).padStart(6, '0')}`;

describe('the dashboard’s API over a running engine', () => {
  let dataDir: string;
  let address: string;
  let engine: EngineProcess;

  beforeAll(async () => {
    dataDir = tempFolder('api');
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    engine = await startUp(dataDir, ['--port', String(port)], quick);
    await until(`${CLOSED_BARS} bars are closed`, async () => {
      if (engine.hasExited) throw new Error(engine.complaint);
      return (await goldBars('AAPL')).length >= CLOSED_BARS;
    });
  });
  afterAll(async () => {
    const exit = await engine.stop('SIGTERM');
    killAll(processesNaming(dataDir));
    await untilNoProcessNames(dataDir);
    expect(exit.code).toBe(0);
  });

  const goldBars = (symbol: string): Promise<Row[]> =>
    withLake(dataDir, (lake) =>
      lake.duck.rows(
        `SELECT * FROM (${currentBars}) WHERE symbol = '${symbol}' AND interval = '1s' ORDER BY start`,
      ),
    );

  const storedTicks = (symbol: string): Promise<Row[]> =>
    withLake(dataDir, (lake) =>
      lake.duck.rows(
        `SELECT lane_offset, lane_index FROM silver_ticks WHERE symbol = '${symbol}' AND verdict = 'accepted'`,
      ),
    );

  async function get(path: string): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${address}${path}`);
    return { status: response.status, body: await response.json() };
  }

  async function items(path: string): Promise<Record<string, unknown>[]> {
    const { status, body } = await get(path);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return (body as { items: Record<string, unknown>[] }).items;
  }

  it.each(['AAPL', 'MSFT'])('shows the closed bars of %s as they are in gold', async (symbol) => {
    const closed = await until('the bars agree', async () => {
      const stored = await goldBars(symbol);
      const shown = await items(`/api/bars?symbol=${symbol}&interval=1s&limit=5000`);
      const inLakeWords = shown.map((bar): Row => ({
        ...(bar as Row),
        start: Date.parse(String(bar['start'])) * 1_000,
      }));
      // A bar may have been corrected or closed between the two looks; then the next look is the right one.
      const same = stored.filter((bar) => inLakeWords.some(({ start }) => start === bar['start']));
      const counterparts = inLakeWords.filter(({ start }) => same.some((bar) => bar['start'] === start));
      const ohlcv = { ...barFigures, exact: ['open', 'high', 'low', 'close', 'ticks'] };
      return same.length === stored.length && differences(counterparts, same, ohlcv).length === 0 && stored;
    });
    expect(closed.length).toBeGreaterThanOrEqual(CLOSED_BARS);
  });

  it('lists the symbols with their last price', async () => {
    const symbols = await items('/api/symbols');
    expect(symbols.map(({ symbol }) => symbol).sort()).toEqual(['AAPL', 'MSFT']);
    for (const { last } of symbols) expect(last).toBeGreaterThan(0);
  });

  it('shows the newest metrics of each symbol', async () => {
    for (const symbol of ['AAPL', 'MSFT']) {
      const [metrics, ...more] = await items(`/api/metrics?symbol=${symbol}`);
      expect(more).toEqual([]);
      expect(metrics).toMatchObject({ symbol });
      expect(metrics?.['ticks']).toBeGreaterThan(0);
    }
  });

  it('shows every tick once at any moment, stored or on its way', async () => {
    const polls: (readonly string[])[] = [];
    // Each has ticks that the one before had not: on the way, some twenty segments of half a second are published.
    for (let seen = ''; polls.length < 20;) {
      const ticks = await items('/api/ticks?symbol=AAPL&verdict=accepted&order=desc&limit=2000');
      const places = ticks.map(placeOf).sort();
      const newest = places.at(-1) ?? '';
      if (newest > seen) polls.push(places);
      seen = newest;
    }
    const last = polls.at(-1)?.at(-1) ?? '';
    const stored = await until(`the lake has AAPL's ticks up to ${last}`, async () => {
      const places = (await storedTicks('AAPL')).map(placeOf).sort();
      return (places.at(-1) ?? '') > last && places;
    });
    for (const poll of polls) {
      const end = stored.indexOf(poll.at(-1) ?? '') + 1;
      expect(poll).toEqual(stored.slice(end - poll.length, end));
    }
  });

  it('says where the pipeline is, lane by lane', async () => {
    const { status, body } = await get('/api/pipeline');
    expect(status).toBe(200);
    for (const layer of ['bronze', 'silver', 'gold']) expect(JSON.stringify(body)).toContain(layer);
  });

  it.each([
    ['/api/bars?symbol=AAPL&interval=7s', 'interval'],
    ['/api/bars?symbol=AAPL&interval=1s&limit=x', 'limit'],
    ['/api/bars?symbol=AAPL&interval=1s&from=yesterday', 'from'],
    ['/api/bars?symbol=AAPL&interval=1s&nonsense=1', 'nonsense'],
  ])('refuses %s and names %s', async (path, parameter) => {
    const { status, body } = await get(path);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(parameter);
  });

  it('answers for its health', async () => {
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/health/ready')).status).toBe(200);
  });
});
