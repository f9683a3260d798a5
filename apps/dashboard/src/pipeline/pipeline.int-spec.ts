import { encodeBronzeTicks } from '@engine/contracts';
import type { PipelineReport } from '@engine/contracts/api';
import { laneOf } from '@engine/medallion';
import { barRows, barUpdate, eventRows, openBar, OPENING_US, tickRows } from '../testing/rows.js';
import { RunningDashboard } from '../testing/running-dashboard.js';
import type { Published } from '../testing/running-dashboard.js';

let dashboard: RunningDashboard;
afterEach(async () => {
  await dashboard.stop();
});

describe('GET /api/pipeline', () => {
  it('tells how far a layer is from the log and the lake alone', async () => {
    const ticks = (from: number): ReturnType<typeof tickRows> =>
      tickRows(
        { event_time: OPENING_US, price: 1, lane_offset: from },
        { event_time: OPENING_US, price: 1, lane_offset: from + 1, verdict: 'late' },
      );
    dashboard = await RunningDashboard.start(async (lake, log) => {
      await log.ensureTopic({ name: 'bronze-ticks', partitions: 2 });
      await log.deliver(
        'bronze-ticks',
        ...['a', 'b', 'c', 'd', 'e'].map((value) => ({ partition: 1, value })),
      );
      await lake.publish({ lane: 1, next: 2, batch: ticks(0), watermark: OPENING_US });
      await lake.publish({ lane: 1, next: 4, batch: ticks(2), watermark: OPENING_US });
    });
    const idle = { layer: 'silver', lane: 0, topic: 'bronze-ticks', inputEnd: 0, position: 0, lag: 0 };
    const settled = { processed: 0, pending: 0, lagSeconds: 0 };
    expect(await dashboard.items('/api/pipeline?layer=silver')).toEqual([
      { ...idle, ...settled, watermark: null, freshnessSeconds: null, verdicts: {}, lastSegment: null },
      {
        layer: 'silver',
        lane: 1,
        topic: 'bronze-ticks',
        inputEnd: 5,
        position: 4,
        lag: 1,
        processed: 4,
        pending: 1,
        lagSeconds: 0,
        watermark: '2024-03-01T09:30:00.000000Z',
        freshnessSeconds: 9000,
        verdicts: { accepted: 2, late: 2 },
        lastSegment: {
          table: 'silver/ticks',
          first: 2,
          next: 4,
          rows: 2,
          at: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
        },
      },
    ]);
    await dashboard.lake.publish({ lane: 1, next: 6, batch: ticks(4), watermark: OPENING_US });
    dashboard.letTimePass();
    const [, lane] = await dashboard.items('/api/pipeline?layer=silver');
    expect(lane).toMatchObject({ position: 6, lag: 0, verdicts: { accepted: 3, late: 3 } });
  });

  it('goes by the table that reaches furthest, and shows a lane whose topic is gone', async () => {
    dashboard = await RunningDashboard.start((lake) =>
      lake.publish(
        { lane: 3, next: 8, batch: barRows(barUpdate()), watermark: OPENING_US },
        { lane: 3, next: 6, batch: tickRows(), watermark: OPENING_US },
      ),
    );
    const lanes = await dashboard.items('/api/pipeline');
    expect(lanes.filter(({ position }) => position !== 0)).toMatchObject([
      { layer: 'silver', lane: 3, topic: 'bronze-ticks', position: 6, lastSegment: { rows: 0 } },
      { layer: 'gold', lane: 3, position: 8, lag: 0, verdicts: {}, lastSegment: { table: 'gold/bars' } },
    ]);
  });

  it('sees what is processed before it is in the lake, by what was sent on', async () => {
    const lane = laneOf('AAPL', 4);
    dashboard = await RunningDashboard.start(async (_, log) => {
      for (const name of ['stock-ticks', 'bronze-ticks', 'silver-ticks'])
        await log.ensureTopic({ name, partitions: 4 });
      await log.deliver('stock-ticks', ...['a', 'b', 'c'].map((value) => ({ partition: 2, value })));
    });
    await dashboard.log.deliver(
      'bronze-ticks',
      bronzeRecord({ partition: 2, offset: 0 }, { partition: 2, offset: 1 }),
    );
    await dashboard.hearTicks({ event_time: OPENING_US, price: 1, lane_offset: 0, record_time: OPENING_US });
    await dashboard.hear(openBar({ lane_offset: 0, lane_index: 0 }));
    dashboard.letTimePass(3000);
    await dashboard.get('/api/pipeline');
    const report = (await dashboard.get('/api/pipeline')) as PipelineReport;
    const found = report.items.filter(({ inputEnd }) => inputEnd > 0);
    expect(found).toMatchObject([
      { layer: 'bronze', lane: 2, inputEnd: 3, position: 0, lag: 3, processed: 2, pending: 1, lagSeconds: 3 },
      { layer: 'silver', lane, inputEnd: 1, position: 0, lag: 1, processed: 1, pending: 0, lagSeconds: 0 },
      { layer: 'gold', lane, inputEnd: 1, position: 0, lag: 1, processed: 1, pending: 0, lagSeconds: 0 },
    ]);
    expect(report.layers).toMatchObject([
      {
        layer: 'bronze',
        state: 'behind',
        reason: '1 record to go, the oldest 3 s old',
        pending: 1,
        lagSeconds: 3,
        // Sent two and a half hours after the time that the rows carry; each of the two looks counts them once.
        latency: { p50Ms: 9_000_000, p99Ms: 9_000_000, samples: 2 },
      },
      { layer: 'silver', state: 'current', latency: { p50Ms: 9_000_000, p99Ms: 9_000_000, samples: 1 } },
      { layer: 'gold', state: 'current', latency: { p50Ms: 9_000_000, samples: 1 } },
    ]);
    expect(report.ticksPerSecond).toBe(0.1);
  });

  it.each([
    [2, 0, true],
    [1, 1, false],
    [3, -1, false],
  ])('bronze accepted 2, silver judged %d: in flight %d, balanced %s', async (judged, inFlight, balanced) => {
    const ticks = Array.from({ length: judged }, (_, at) => ({
      event_time: OPENING_US,
      price: 1,
      lane_offset: at,
      verdict: at === 0 ? 'late' : 'accepted',
    }));
    dashboard = await RunningDashboard.start((lake) =>
      lake.publish(
        {
          lane: 0,
          next: 3,
          watermark: OPENING_US,
          batch: eventRows(
            { record_offset: 0, record_time: OPENING_US },
            { record_offset: 1, record_time: OPENING_US, verdict: 'accepted', reason: null },
            { record_offset: 2, record_time: OPENING_US, verdict: 'accepted', reason: null },
          ),
        },
        { next: 3, watermark: OPENING_US, batch: tickRows(...ticks) },
      ),
    );
    const { layers, balanced: all } = (await dashboard.get('/api/pipeline')) as PipelineReport;
    expect(layers[0]?.ledger).toEqual({
      in: 3,
      accepted: 2,
      refused: { not_json: 1 },
      inFlight: 0,
      checked: 3,
      balanced: true,
    });
    expect(layers[1]?.ledger).toMatchObject({
      in: 2,
      accepted: judged - 1,
      refused: { late: 1 },
      inFlight,
      balanced,
    });
    expect(all).toBe(balanced);
    await dashboard.log.ensureTopic({ name: 'bronze-ticks', partitions: 4 });
    await dashboard.log.deliver(
      'bronze-ticks',
      ...['a', 'b', 'c', 'd'].map((value) => ({ partition: laneOf('AAPL', 4), value })),
    );
    const moving = (await dashboard.get('/api/pipeline')) as PipelineReport;
    expect([moving.layers[1]?.ledger?.balanced, moving.balanced]).toEqual([null, null]);
  });

  /** Bronze: partition 0 up to offset 6, of it offsets 0, 2, 4 to lane 0 and 1, 3, 5 to lane 1. */
  const bronzeUpToSix = {
    lane: 0,
    next: 6,
    watermark: OPENING_US,
    lanes: JSON.stringify({ 0: [4, 0], 1: [5, 0] }),
    batch: eventRows(
      ...[0, 1, 2, 3, 4, 5].map((offset) => ({
        record_offset: offset,
        record_time: OPENING_US,
        verdict: 'accepted',
        reason: null,
      })),
    ),
  };
  /** Silver's segment of a lane: rows of these offsets of partition 0. */
  const silverOf = (lane: number, ...offsets: readonly number[]): Published => ({
    lane,
    next: offsets.length,
    watermark: OPENING_US,
    batch: tickRows(
      ...offsets.map((origin_offset, at) => ({
        event_time: OPENING_US,
        price: 1,
        lane_offset: at,
        origin_offset,
        origin_partition: 0,
      })),
    ),
  });

  it.each<[string, Published[], { checked: number; balanced: boolean | null }]>([
    ['a lane has published nothing', [silverOf(0, 0, 2, 4)], { checked: 0, balanced: null }],
    // Offset 3 may be followed by others of one message: what is before it is settled.
    ['a lane is behind', [silverOf(0, 0, 2, 4), silverOf(1, 1, 3)], { checked: 3, balanced: true }],
    ['both are there', [silverOf(0, 0, 2, 4), silverOf(1, 1, 3, 5)], { checked: 6, balanced: true }],
    [
      'silver is ahead',
      [silverOf(0, 0, 2, 4, 6, 8), silverOf(1, 1, 3, 5, 7)],
      { checked: 6, balanced: true },
    ],
    ['a row is missing', [silverOf(0, 0, 4), silverOf(1, 1, 3, 5)], { checked: 6, balanced: false }],
    ['a row is there twice', [silverOf(0, 0, 2, 2, 4), silverOf(1, 1, 3)], { checked: 3, balanced: false }],
  ])('while rows are on their way, and %s: compares what both have settled', async (_, silver, expected) => {
    dashboard = await RunningDashboard.start(async (lake, log) => {
      await lake.publish(bronzeUpToSix, ...silver);
      await log.ensureTopic({ name: 'bronze-ticks', partitions: 4 });
      const many = Array.from({ length: 20 }, () => ({ partition: 0, value: 'not in the lake yet' }));
      await log.deliver('bronze-ticks', ...many);
    });
    const { layers, balanced } = (await dashboard.get('/api/pipeline')) as PipelineReport;
    expect(layers[1]?.ledger).toMatchObject(expected);
    expect(balanced).toBe(expected.balanced);
  });

  it('counts each stretch once, however often it is asked', async () => {
    dashboard = await RunningDashboard.start(async (lake, log) => {
      await lake.publish(bronzeUpToSix, silverOf(0, 0, 2, 4), silverOf(1, 1, 3));
      await log.ensureTopic({ name: 'bronze-ticks', partitions: 4 });
      const many = Array.from({ length: 20 }, () => ({ partition: 0, value: 'not in the lake yet' }));
      await log.deliver('bronze-ticks', ...many);
    });
    await Promise.all([dashboard.get('/api/pipeline'), dashboard.get('/api/pipeline')]);
    await dashboard.lake.publish({ ...silverOf(1, 5), next: 3, batch: lastOfLaneOne() });
    dashboard.letTimePass();
    const { layers } = (await dashboard.get('/api/pipeline')) as PipelineReport;
    expect(layers[1]?.ledger).toMatchObject({ checked: 6, balanced: true });
  });

  const lastOfLaneOne = (): Published['batch'] =>
    tickRows({ event_time: OPENING_US, price: 1, lane_offset: 2, origin_offset: 5, origin_partition: 0 });
});

/** What bronze sends of ticks that stand there in `stock-ticks`, in AAPL's lane. */
function bronzeRecord(...origins: readonly { partition: number; offset: number }[]): {
  partition: number;
  value: string;
} {
  const column = <T>(of: (origin: { partition: number; offset: number }) => T): readonly T[] =>
    origins.map(of);
  const ticks = {
    n: origins.length,
    symbols: ['AAPL'],
    symbol: column(() => 0),
    eventTimeUs: column(() => OPENING_US),
    price: column(() => 1),
    size: column(() => null),
    side: column(() => null),
    tradeId: column(() => null),
    sources: ['test'],
    source: column(() => 0),
    originPartition: column(({ partition }) => partition),
    originOffset: column(({ offset }) => offset),
    originIndex: column(() => 0),
    recordTimeUs: column(() => OPENING_US),
  };
  const [value = ''] = encodeBronzeTicks(ticks, new Map());
  return { partition: laneOf('AAPL', 4), value };
}
