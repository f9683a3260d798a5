import fc from 'fast-check';
import { barRows, barUpdate, MINUTE_US, OPENING_US, tickRows } from '../testing/rows.js';
import { RunningDashboard } from '../testing/running-dashboard.js';

const REQUESTS = 10_000;
const AT_ONCE = 8;

const PATHS = [
  'symbols',
  'bars',
  'ticks',
  'windows',
  'metrics',
  'quarantine',
  'pipeline',
  'openapi.json',
  'nothing',
];
const NAMES = [
  'symbol',
  'interval',
  'from',
  'to',
  'limit',
  'as_of',
  'revisions',
  'order',
  'cursor',
  'layer',
  'reason',
  'verdict',
  'token',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '',
  'symbol[]',
  'symbol[a]',
  'limit.x',
];
/** Good ones among them, so that requests get past the first check and reach the database. */
const VALUES = [
  'AAPL',
  '1m',
  '2024-03-01T09:30:00Z',
  '10',
  'asc',
  'desc',
  'all',
  'current',
  'bronze',
  'accepted',
  'bad_price',
  '0',
  '-1',
  '1e9',
  '5001',
  'NaN',
  'Infinity',
  '0x10',
  '9007199254740993',
  '99999999999999999999',
  '1969-12-31T23:59:59Z',
  '2254-12-31T23:59:59.999999Z',
  '9999-12-31T23:59:59Z',
  '+275760-09-13T00:00:00Z',
  '0000-00-00T00:00:00Z',
  "'",
  '"',
  '\\',
  "' OR 1=1 --",
  '); DROP VIEW silver_ticks; --',
  '<script>',
  '${x}',
  '../../etc/passwd',
  '%00',
  '\u0000',
  '\ud800',
  '💹',
  ' ',
  '\r\n',
  'null',
  'undefined',
  'true',
  '[]',
  '{}',
  '1709285400000000.0',
  '1709285400000000.0.0',
  '1709285400000000.0.0.0',
  '8999999999999999.999999999999999.999999999',
  '8999999999999999',
  'QUFQTA',
  '0'.repeat(5000),
];

const encoded = (text: string): string => {
  try {
    return encodeURIComponent(text);
  } catch {
    return '%ED%A0%80';
  }
};

const parameter = fc.tuple(
  fc.constantFrom(...NAMES),
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...VALUES).map(encoded) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map(encoded) },
    { weight: 1, arbitrary: fc.constantFrom('%', '%E0%A4%A', '%zz', '&', '=', '+', ';') },
  ),
);
const path = fc
  .tuple(fc.constantFrom(...PATHS), fc.array(parameter, { maxLength: 5 }))
  .map(
    ([name, pairs]) => `/api/${name}?${pairs.map(([key, value]) => `${encoded(key)}=${value}`).join('&')}`,
  );

let dashboard: RunningDashboard;
beforeAll(async () => {
  dashboard = await RunningDashboard.start((lake) =>
    lake.publish(
      { next: 10, batch: barRows(barUpdate()), watermark: OPENING_US + 30 * MINUTE_US },
      {
        next: 2,
        batch: tickRows({ event_time: OPENING_US, price: 1, lane_offset: 0 }),
        watermark: OPENING_US,
      },
    ),
  );
});
afterAll(async () => {
  await dashboard.stop();
});

describe('malformed parameters', () => {
  it(`${REQUESTS} of them are refused by name or answered, none is an error of ours`, async () => {
    const paths = fc.sample(path, { seed: 20240301, numRuns: REQUESTS });
    const statuses = new Map<number, number>();
    const ask = async (asked: string): Promise<void> => {
      const response = await fetch(dashboard.url + asked);
      const text = await response.text();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      if (response.status >= 500) throw new Error(`${response.status} for ${asked}: ${text}`);
      expect(response.headers.get('content-type')).toMatch(/^application\/(problem\+)?json/);
      expect(JSON.parse(text)).toBeInstanceOf(Object);
    };
    const worker = async (): Promise<void> => {
      for (let asked = paths.pop(); asked !== undefined; asked = paths.pop()) await ask(asked);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    // Both kinds in numbers: else the test would not reach what it is about.
    expect(Object.fromEntries(statuses)).toMatchObject({
      200: expect.any(Number) as unknown,
      400: expect.any(Number) as unknown,
    });
    expect(statuses.get(200)).toBeGreaterThan(300);
    expect(statuses.get(400)).toBeGreaterThan(3000);
  });

  it('the dashboard is as well as before', async () => {
    expect(await dashboard.items('/api/bars?symbol=AAPL&interval=1m')).toHaveLength(1);
    expect(await dashboard.items('/api/ticks?symbol=AAPL')).toHaveLength(1);
  });
});
