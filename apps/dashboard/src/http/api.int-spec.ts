import { RunningDashboard } from '../testing/running-dashboard.js';

let dashboard: RunningDashboard;

describe('the API', () => {
  beforeAll(async () => {
    dashboard = await RunningDashboard.start();
  });
  afterAll(async () => {
    await dashboard.stop();
  });

  it.each([
    ['/api/bars?interval=1m', 'symbol'],
    ['/api/bars?symbol=AAPL', 'interval'],
    ['/api/bars?symbol=AAPL&interval=7m', 'interval'],
    ['/api/bars?symbol=AAPL&interval=1m&from=yesterday', 'from'],
    ['/api/bars?symbol=AAPL&interval=1m&to=2024-03-01T09:30:00', 'to'],
    ['/api/bars?symbol=AAPL&interval=1m&as_of=2024-02-30T00:00:00Z', 'as_of'],
    ['/api/bars?symbol=AAPL&interval=1m&limit=0', 'limit'],
    ['/api/bars?symbol=AAPL&interval=1m&limit=5001', 'limit'],
    ['/api/bars?symbol=AAPL&interval=1m&limit=ten', 'limit'],
    ['/api/bars?symbol=AAPL&interval=1m&limit=1&limit=2', 'limit'],
    ['/api/bars?symbol=AAPL&interval=1m&revisions=some', 'revisions'],
    ['/api/bars?symbol=AAPL&interval=1m&cursor=x', 'cursor'],
    ['/api/bars?symbol=AAPL&interval=1m&colour=red', 'colour'],
    ["/api/bars?symbol=A'%20OR%201=1--&interval=1m", 'symbol'],
    ['/api/bars?symbol=AAPL&symbol=MSFT&interval=1m', 'symbol'],
    ['/api/bars?symbol[a]=AAPL&interval=1m', 'symbol'],
    ['/api/metrics?symbol=', 'symbol'],
    ['/api/metrics?since=1', 'since'],
    ['/api/symbols?symbol=AAPL', 'symbol'],
    ['/api/symbols?cursor=%20', 'cursor'],
    ['/api/pipeline?layer=platinum', 'layer'],
    ['/api/pipeline?lane=1', 'lane'],
    ['/api/bars?symbol=AAPL&interval=1m&order=up', 'order'],
    ['/api/ticks', 'symbol'],
    ['/api/ticks?symbol=AAPL&verdict=maybe', 'verdict'],
    ['/api/ticks?symbol=AAPL&cursor=1.2', 'cursor'],
    ['/api/ticks?symbol=AAPL&cursor=9999999999999999.0.0', 'cursor'],
    ['/api/windows?symbol=AAPL&interval=1m', 'interval'],
    ['/api/windows?symbol=AAPL&cursor=-1', 'cursor'],
    ['/api/quarantine?limit=501', 'limit'],
    ["/api/quarantine?reason='%20OR%201=1", 'reason'],
    ['/api/stream?symbols=A,A', 'symbols'],
    ['/api/stream?symbols=', 'symbols'],
    ['/api/stream?intervals=1m,7m', 'intervals'],
    ['/api/stream?ticks=A,B,C,D,E,F', 'ticks'],
  ])('refuses %s by the name of %s', async (path, parameter) => {
    const { body } = (await dashboard.http
      .get(path)
      .expect(400)
      .expect('content-type', /^application\/problem\+json/)) as { body: Record<string, unknown> };
    expect(body).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 });
    expect(body['parameters']).toContainEqual({ parameter, detail: expect.any(String) as unknown });
  });

  it.each(['__proto__=1', 'constructor=1', 'toString=1', '__proto__[x]=1'])(
    'is not confused by %s',
    async (query) => {
      await dashboard.http.get(`/api/symbols?${query}`).expect(400);
    },
  );

  it('names every parameter that is wrong at once', async () => {
    const { body } = (await dashboard.http.get('/api/bars?limit=x').expect(400)) as {
      body: { parameters: unknown[] };
    };
    expect(body.parameters).toHaveLength(3);
  });

  it('says that there is no such thing as problem details too', async () => {
    const { body } = (await dashboard.http.get('/api/nothing').expect(404)) as { body: unknown };
    expect(body).toMatchObject({ type: 'about:blank', title: 'Not Found', status: 404 });
  });

  it.each(['evil.example', 'evil.example:3000', '127.0.0.1.evil.example', ''])(
    'refuses the host "%s"',
    async (host) => {
      const { body } = (await dashboard.http.get('/api/symbols').set('Host', host).expect(421)) as {
        body: unknown;
      };
      expect(body).toMatchObject({ status: 421, title: 'Misdirected Request' });
    },
  );

  it.each(['localhost:3000', '127.0.0.1', '[::1]:3000', 'LOCALHOST'])('takes the host "%s"', async (host) => {
    await dashboard.http.get('/api/symbols').set('Host', host).expect(200);
  });

  it('starts without lake and topics: everything is empty', async () => {
    expect(await dashboard.get('/api/bars?symbol=AAPL&interval=1m')).toEqual({ items: [], next: null });
    expect(await dashboard.get('/api/symbols')).toEqual({ items: [], next: null });
    expect(await dashboard.get('/api/metrics')).toEqual({ items: [], next: null });
    expect(await dashboard.get('/api/quarantine')).toEqual({ items: [], next: null, counts: [] });
    expect(await dashboard.get('/api/ticks?symbol=AAPL')).toEqual({ items: [], next: null });
    expect(await dashboard.get('/api/windows?symbol=AAPL')).toEqual({ items: [], next: null });
    expect(await dashboard.get('/api/pipeline')).toMatchObject({
      layers: [
        { layer: 'bronze', state: 'waiting' },
        { layer: 'silver', state: 'waiting' },
        { layer: 'gold', state: 'waiting' },
      ],
    });
  });

  it('has health and metrics beside it', async () => {
    await dashboard.http.get('/health/live').expect(200);
    const ready = await dashboard.get('/health/ready');
    expect(ready).toMatchObject({ details: { 'gold-updates': { status: 'up' }, lake: { status: 'up' } } });
    await dashboard.http.get('/metrics').expect(200);
  });
});
