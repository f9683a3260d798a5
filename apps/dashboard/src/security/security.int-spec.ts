import { RunningDashboard } from '../testing/running-dashboard.js';

const TOKEN = 'open-sesame';
const POLICY =
  "default-src 'self';img-src 'self' data:;object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'";

let dashboard: RunningDashboard;

/** `name=value` of the cookie that a login sets, and all of its header. */
async function login(): Promise<{ cookie: string; header: string }> {
  const response = await dashboard.http.post('/login').send({ token: TOKEN }).expect(204);
  const [header = ''] = response.get('Set-Cookie') ?? [];
  return { cookie: header.split(';')[0] ?? '', header };
}

describe('with a token', () => {
  beforeAll(async () => {
    dashboard = await RunningDashboard.start(undefined, { DASHBOARD_TOKEN: TOKEN });
  });
  afterAll(async () => {
    await dashboard.stop();
  });

  it.each([undefined, 'Bearer', 'Bearer wrong', `Basic ${TOKEN}`, TOKEN, `Bearer ${TOKEN}x`])(
    'the authorization %s is refused',
    async (authorization) => {
      const asked = dashboard.http.get('/api/symbols');
      if (authorization !== undefined) void asked.set('Authorization', authorization);
      await asked
        .expect(401)
        .expect('www-authenticate', 'Bearer')
        .expect('content-type', /problem/);
    },
  );

  it('it is not taken from the query, not even beside a good one', async () => {
    await dashboard.http.get(`/api/symbols?token=${TOKEN}`).expect(401);
    await dashboard.http.get(`/?token=${TOKEN}`).expect(401);
    await dashboard.http
      .get(`/api/symbols?token=${TOKEN}`)
      .set('Authorization', `Bearer ${TOKEN}`)
      .expect(400);
  });

  it('lets in who shows it, and everybody to health and metrics', async () => {
    await dashboard.http.get('/api/symbols').set('Authorization', `Bearer ${TOKEN}`).expect(200);
    await dashboard.http.get('/health/live').expect(200);
    await dashboard.http.get('/metrics').expect(200);
  });

  it('a login brings a cookie that scripts and other sites cannot use, and that does not hold the token', async () => {
    const { cookie, header } = await login();
    expect(header).toMatch(/; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
    expect(header).not.toContain(TOKEN);
    await dashboard.http.get('/api/symbols').set('Cookie', `a=b; ${cookie}`).expect(200);
    await dashboard.http.get('/').set('Cookie', cookie).expect(200);
  });

  it('a cookie that was changed in any place is none', async () => {
    const { cookie } = await login();
    const [name = '', value = ''] = cookie.split('=');
    const [ends = '', signature = ''] = value.split('.');
    const later = String(Number(ends) + 1);
    const flipped = (signature.startsWith('0') ? '1' : '0') + signature.slice(1);
    for (const forged of [
      `${later}.${signature}`,
      `${ends}.${flipped}`,
      `${ends}.`,
      ends,
      '',
      `${ends}.${signature}0`,
    ])
      await dashboard.http.get('/api/symbols').set('Cookie', `${name}=${forged}`).expect(401);
  });

  it('a cookie ends', async () => {
    const { cookie } = await login();
    dashboard.letTimePass(12 * 3_600_000 - 1);
    await dashboard.http.get('/api/symbols').set('Cookie', cookie).expect(200);
    dashboard.letTimePass(1);
    await dashboard.http.get('/api/symbols').set('Cookie', cookie).expect(401);
  });

  it.each([{ token: 'wrong' }, { token: [TOKEN] }, { token: { $ne: '' } }, {}, []])(
    'a login with %j is refused',
    async (body) => {
      const response = await dashboard.http.post('/login').type('json').send(body).expect(401);
      expect(response.get('Set-Cookie')).toBeUndefined();
    },
  );

  it('a browser without it sees a form, and comes to the page with it', async () => {
    const { text } = await dashboard.http.get('/').expect(401).expect('content-type', /html/);
    expect(text).toContain('<form method="post" action="/login">');
    await dashboard.http
      .post('/login')
      .type('form')
      .send({ token: '<b>' })
      .expect(401)
      .expect('content-type', /html/);
    const { headers } = await dashboard.http.post('/login').type('form').send({ token: TOKEN }).expect(303);
    expect((headers as Record<string, unknown>)['location']).toBe('/');
  });

  it.each([
    ['{"token":', 'application/json', 400],
    [`{"token":"${'x'.repeat(200_000)}"}`, 'application/json', 413],
    ['token=%', 'application/x-www-form-urlencoded', 401],
    ['token=x', 'application/json; charset=klingon', 415],
  ])('a body %.20s… of type %s is answered with %3$d', async (body, type, status) => {
    await dashboard.http.post('/login').set('Content-Type', type).send(body).expect(status);
  });
});

describe('every answer', () => {
  beforeAll(async () => {
    dashboard = await RunningDashboard.start();
  });
  afterAll(async () => {
    await dashboard.stop();
  });

  it.each(['/', '/api/symbols', '/api/nothing', '/api/bars', '/nothing'])(
    'to %s has the policy',
    async (path) => {
      const { headers } = await dashboard.http.get(path);
      expect(headers).toMatchObject({
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    },
  );
});

describe('the host', () => {
  afterEach(async () => {
    await dashboard.stop();
  });

  it('may be named in DASHBOARD_HOSTS, and at all addresses no other name is taken', async () => {
    dashboard = await RunningDashboard.start(undefined, {
      HTTP_HOST: '0.0.0.0',
      DASHBOARD_PUBLIC: 'true',
      DASHBOARD_HOSTS: 'Ticks.example.org',
    });
    for (const host of [
      'ticks.example.org',
      'TICKS.example.org:8080',
      '10.1.2.3:3000',
      '[fe80::1]:3000',
      'localhost',
    ])
      await dashboard.http.get('/api/symbols').set('Host', host).expect(200);
    for (const host of [
      'example.org',
      'ticks.example.org.evil.example',
      'xticks.example.org',
      '10.1.2.3.evil.example',
    ])
      for (const path of ['/api/symbols', '/', '/assets/x.js'])
        await dashboard.http.get(path).set('Host', host).expect(421);
    await dashboard.http.post('/login').set('Host', 'evil.example').expect(421);
  });
});

describe('an address that asks too often', () => {
  afterEach(async () => {
    await dashboard.stop();
  });

  it('is refused, and at the login much sooner', async () => {
    dashboard = await RunningDashboard.start(
      undefined,
      { DASHBOARD_TOKEN: TOKEN },
      { limits: { api: 5, login: 2 } },
    );
    for (let asked = 0; asked < 2; asked++)
      await dashboard.http.post('/login').send({ token: 'x' }).expect(401);
    await dashboard.http
      .post('/login')
      .send({ token: TOKEN })
      .expect(429)
      .expect('retry-after', /^\d+$/)
      .expect('content-type', /problem/);
    for (let asked = 0; asked < 5; asked++) await dashboard.http.get('/api/symbols').expect(401);
    await dashboard.http.get('/api/symbols').expect(429);
    await dashboard.http.get('/').expect(429);
    await dashboard.http.get('/health/live').expect(200);
  });
});
