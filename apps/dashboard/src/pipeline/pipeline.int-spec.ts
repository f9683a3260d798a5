import { barRows, barUpdate, OPENING_US, tickRows } from '../testing/rows.js';
import { RunningDashboard } from '../testing/running-dashboard.js';

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
});
