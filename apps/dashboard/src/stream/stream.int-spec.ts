import { barUpdate, metricsUpdate, MINUTE_US, openBar, OPENING_US } from '../testing/rows.js';
import { EventStream } from '../testing/event-stream.js';
import type { StreamedEvent } from '../testing/event-stream.js';
import { RunningDashboard } from '../testing/running-dashboard.js';

let dashboard: RunningDashboard;
const open: EventStream[] = [];
beforeEach(async () => {
  dashboard = await RunningDashboard.start();
});
afterEach(async () => {
  for (const stream of open.splice(0)) stream.close();
  await dashboard.stop();
});

async function listen(query: string, lastId?: string): Promise<EventStream> {
  const stream = await EventStream.open(`${dashboard.url}/api/stream?${query}`, lastId);
  open.push(stream);
  await stream.next(({ name }) => name === 'hello');
  return stream;
}

const named =
  (wanted: string) =>
  ({ name }: StreamedEvent): boolean =>
    name === wanted;
const barWith =
  (close: number) =>
  ({ name, data }: StreamedEvent): boolean =>
    name === 'bar' && data['close'] === close;
const barsOf = ({ events }: EventStream): readonly unknown[] =>
  events.filter(named('bar')).map(({ data }) => data['close']);

describe('GET /api/stream', () => {
  it('greets with the time, and tells from there on what is asked for', async () => {
    await dashboard.hear(openBar({ close: 1 }));
    const stream = await listen('symbols=AAPL&intervals=1m');
    expect(stream.contentType).toBe('text/event-stream; charset=utf-8');
    expect(stream.events[0]).toMatchObject({
      name: 'hello',
      data: { serverTime: '2024-03-01T12:00:00.000000Z', resumed: false },
    });
    await dashboard.hear(
      openBar({ symbol: 'MSFT', close: 2 }),
      openBar({ interval: '5m', close: 3 }),
      metricsUpdate({ symbol: 'MSFT' }),
      metricsUpdate({ last_price: 4 }),
      openBar({ close: 5, lane_offset: 9 }),
    );
    const { data } = await stream.next(barWith(5));
    expect(data).toEqual({
      symbol: 'AAPL',
      interval: '1m',
      start: '2024-03-01T09:30:00.000000Z',
      revision: 0,
      open: 100,
      high: 102,
      low: 99,
      close: 5,
      volume: 10,
      vwap: 100.5,
      ticks: 4,
      first_offset: 0,
      last_offset: 3,
      closed_at: null,
      state: 'provisional',
      lane_offset: 9,
      lane_index: 0,
    });
    expect(barsOf(stream)).toEqual([5]);
    const told = stream.events.filter(named('metrics')).map((event) => event.data);
    expect(told).toMatchObject([{ symbol: 'AAPL', last_price: 4, as_of: '2024-03-01T09:30:00.000000Z' }]);
  });

  it('tells of a bar that forms its newest state only, and of a closed one nothing older', async () => {
    const stream = await listen('intervals=1m');
    const forming = Array.from({ length: 500 }, (_, at) => openBar({ close: at, lane_offset: 10 + at }));
    await dashboard.hear(...forming, barUpdate({ close: 1000 }), openBar({ close: 7, lane_offset: 9999 }));
    await dashboard.hear(openBar({ start: OPENING_US + MINUTE_US, close: 1001 }));
    await stream.next(barWith(1001));
    const closes = barsOf(stream);
    expect(closes.slice(-2)).toEqual([1000, 1001]);
    expect(closes).not.toContain(7);
    // A flush every 100 ms, whatever the number of updates; the machine would need 25 s for more.
    expect(closes.length).toBeLessThan(250);
  });

  it('tells whoever comes back what it missed, each bar once', async () => {
    const stream = await listen('intervals=1m');
    await dashboard.hear(openBar({ close: 1 }));
    await stream.next(barWith(1));
    stream.close();
    await dashboard.hear(
      barUpdate({ close: 2 }),
      openBar({ start: OPENING_US + MINUTE_US, close: 3 }),
      openBar({ start: OPENING_US + MINUTE_US, close: 4, lane_offset: 8 }),
    );
    const again = await listen('intervals=1m', stream.lastId);
    expect(again.events[0]?.data).toMatchObject({ resumed: true });
    await again.next(barWith(4));
    expect(barsOf(again)).toEqual([2, 4]);
    expect(again.events.some(named('gap'))).toBe(false);
  });

  it.each(['', 'x', '00000000:0.0.0.0', '00000000:1.2', '__proto__'])(
    'tells of a gap whoever comes with the id "%s"',
    async (lastId) => {
      const stream = await listen('intervals=1m', lastId);
      expect((await stream.next(named('gap'))).data).toEqual({ reason: 'resume' });
      expect(stream.events[0]?.data).toMatchObject({ resumed: false });
    },
  );

  it('tells of a gap whoever was further than the log is', async () => {
    const stream = await listen('intervals=1m');
    const [log = ''] = stream.lastId.split(':');
    const ahead = await listen('intervals=1m', `${log}:9.9.9.9`);
    expect((await ahead.next(named('gap'))).data).toEqual({ reason: 'resume' });
  });

  it('tells the newest ticks of the symbols named for it', async () => {
    const stream = await listen('ticks=AAPL');
    const ticks = Array.from({ length: 30 }, (_, at) => ({
      lane_offset: at,
      event_time: OPENING_US + at,
      price: at + 1,
    }));
    await dashboard.hearTicks(...ticks, {
      symbol: 'MSFT',
      lane_offset: 30,
      event_time: OPENING_US,
      price: 99,
    });
    const { data } = await stream.next(named('tick'));
    expect(data).toMatchObject({ symbol: 'AAPL' });
    const told = data['ticks'] as readonly { price: number; stored: boolean; verdict: string }[];
    expect(told.map(({ price }) => price)).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
    expect(told[0]).toMatchObject({ verdict: 'accepted', stored: false });
  });

  it('tells how the pipeline does', async () => {
    const stream = await listen('');
    const { data } = await stream.next(named('pipeline'));
    expect(data).toEqual({
      ...((await dashboard.get('/api/pipeline')) as object),
      layers: expect.any(Array) as unknown,
    });
    expect(data['layers']).toMatchObject([{ layer: 'bronze' }, { layer: 'silver' }, { layer: 'gold' }]);
  });

  it('refuses what it does not know before anything is sent', async () => {
    const { body } = (await dashboard.http.get('/api/stream?interval=1m').expect(400)) as { body: unknown };
    expect(body).toMatchObject({ parameters: [{ parameter: 'interval' }] });
  });

  it('ends when the dashboard stops', async () => {
    const other = await RunningDashboard.start();
    const stream = await EventStream.open(`${other.url}/api/stream`);
    await other.stop();
    await stream.closed;
  });
});
