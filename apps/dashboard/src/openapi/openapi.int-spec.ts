import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { goldMetrics, silverWindows } from '@engine/medallion';
import {
  barRows,
  barUpdate,
  batchOf,
  eventRows,
  metricsRows,
  metricsUpdate,
  MINUTE_US,
  openBar,
  OPENING_US,
  tickRows,
} from '../testing/rows.js';
import { RunningDashboard } from '../testing/running-dashboard.js';

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly required: boolean }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

let dashboard: RunningDashboard;
let paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;

beforeAll(async () => {
  const watermark = OPENING_US + 30 * MINUTE_US;
  const window = {
    symbol: 'AAPL',
    window_start: OPENING_US,
    window_end: watermark,
    revision: 0,
    ticks: 1,
    sma: 1,
    first_offset: 0,
    last_offset: 0,
  };
  dashboard = await RunningDashboard.start(async (lake, log) => {
    await log.ensureTopic({ name: 'bronze-ticks', partitions: 4 });
    await lake.publish(
      {
        next: 9,
        watermark,
        batch: barRows(barUpdate(), barUpdate({ start: OPENING_US + MINUTE_US, vwap: null })),
      },
      { next: 9, watermark, batch: metricsRows(metricsUpdate({ vwap: null })) },
      {
        next: 9,
        watermark,
        batch: tickRows(
          { event_time: OPENING_US, price: 1.5, lane_offset: 0 },
          { event_time: OPENING_US, price: 1, lane_offset: 1, verdict: 'late' },
        ),
      },
      { next: 9, watermark, batch: batchOf(silverWindows, [window]) },
      { next: 9, watermark, batch: eventRows({ record_offset: 0, record_time: OPENING_US, raw: 'x' }) },
    );
  });
  await dashboard.hear(openBar({ start: OPENING_US + 2 * MINUTE_US }));
  await dashboard.hearTicks({ event_time: OPENING_US, price: 2, lane_offset: 20 });
  paths = ((await dashboard.get('/api/openapi.json')) as { paths: typeof paths }).paths;
});
afterAll(async () => {
  await dashboard.stop();
});

/** Written down once more, by hand: what the description must not forget. `!`: required. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  '/api/symbols': ['cursor', 'limit'],
  '/api/bars': ['as_of', 'cursor', 'from', 'interval!', 'limit', 'order', 'revisions', 'symbol!', 'to'],
  '/api/ticks': ['cursor', 'from', 'limit', 'order', 'symbol!', 'to', 'verdict'],
  '/api/windows': ['cursor', 'from', 'limit', 'order', 'symbol!', 'to'],
  '/api/metrics': ['cursor', 'limit', 'symbol'],
  '/api/quarantine': ['cursor', 'layer', 'limit', 'reason'],
  '/api/pipeline': ['layer'],
  '/api/stream': ['Last-Event-ID', 'intervals', 'symbols', 'ticks'],
  '/api/openapi.json': [],
};

describe('GET /api/openapi.json', () => {
  it.each(Object.entries(PARAMETERS))('describes %s and each of its parameters', (path, wanted) => {
    const described = paths[path]?.['get']?.parameters.map(({ name, required }) =>
      required ? `${name}!` : name,
    );
    expect([...(described ?? ['nothing'])].sort()).toEqual(wanted);
  });

  it('describes every route there is', () => {
    const routes = dashboard.routes.filter((route) => /^GET \/api|^POST/.test(route));
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.length).toBe(Object.keys(PARAMETERS).length + 1);
    expect(described).toEqual(expect.arrayContaining(routes));
  });

  it.each([
    '/api/symbols',
    '/api/bars?symbol=AAPL&interval=1m',
    '/api/ticks?symbol=AAPL',
    '/api/windows?symbol=AAPL',
    '/api/metrics',
    '/api/quarantine',
    '/api/pipeline',
  ])('describes the answer of %s as it is', async (asked) => {
    const [path = ''] = asked.split('?');
    const answer = await dashboard.get(asked);
    expect((answer as { items: unknown[] }).items.length).toBeGreaterThan(0);
    expectValid(paths[path]?.['get']?.responses['200']?.content?.['application/json']?.schema, answer);
  });

  it('describes refusals as they are', async () => {
    const schema =
      paths['/api/bars']?.['get']?.responses['400']?.content?.['application/problem+json']?.schema;
    const { body } = (await dashboard.http.get('/api/bars?x=1').expect(400)) as { body: unknown };
    expectValid(schema, body);
    const answer = { type: 'about:blank', title: 'x', status: 400, unheardOf: 1 };
    expect(new Ajv({ strict: false }).validate(schema ?? {}, answer)).toBe(false);
  });

  it('names the columns of the tables', () => {
    expect(JSON.stringify(paths['/api/metrics'])).toContain(Object.keys(goldMetrics.columns).at(-1));
  });
});

function expectValid(schema: object | undefined, answer: unknown): void {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const isValid = ajv.validate(schema ?? false, answer);
  expect({ isValid, errors: ajv.errors }).toEqual({ isValid: true, errors: null });
}
