import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunningDashboard } from '../testing/running-dashboard.js';

let dashboard: RunningDashboard;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'));
  const page = join(folder, 'dist');
  await mkdir(join(page, 'assets', 'deep'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(page, '.env'), 'secret');
  await writeFile(join(page, 'index.html'), '<title>Ticks</title>');
  await writeFile(join(page, 'favicon.svg'), '<svg/>');
  await writeFile(join(page, 'assets', 'index-a1b2.js'), 'run()');
  await writeFile(join(page, 'assets', 'deep', 'font.woff2'), 'font');
  await symlink(join(folder, 'secret.txt'), join(page, 'assets', '.link'));
  dashboard = await RunningDashboard.start(undefined, {}, { pageFolder: page });
});
afterAll(async () => {
  await dashboard.stop();
  await rm(folder, { recursive: true });
});

/** As written: clients tidy up paths before they send them. */
const raw = (path: string): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    request(dashboard.url, { path }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text });
      });
    })
      .on('error', reject)
      .end();
  });

describe('the page', () => {
  it('is not kept, its assets for ever', async () => {
    await dashboard.http.get('/').expect(200, '<title>Ticks</title>').expect('cache-control', 'no-cache');
    await dashboard.http.get('/index.html').expect(200).expect('cache-control', 'no-cache');
    await dashboard.http
      .get('/assets/index-a1b2.js')
      .expect(200)
      .expect('content-type', /javascript/)
      .expect('cache-control', 'public, max-age=31536000, immutable');
    await dashboard.http.get('/assets/deep/font.woff2').expect(200).expect('content-type', 'font/woff2');
    await dashboard.http.get('/favicon.svg').expect(200).expect('content-type', /svg/);
  });

  it.each([
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets/%252e%252e%252f%252e%252e%252fsecret.txt',
    '/assets//../../secret.txt',
    '/assets/index-a1b2.js%00.txt',
    '/assets/%00',
    '/assets/%ff%fe',
    '/assets/%',
    '/assets/.link',
    '/assets/deep',
    '/assets/deep/',
    '/assets/',
    '/assets/nothing.js',
    '/.env',
    '/%2eenv',
    '/../secret.txt',
    '/secret.txt',
    '//etc/passwd',
    '/assets//etc/passwd',
    '/favicon.svg/../.env',
  ])('gives nothing for %s', async (path) => {
    const { status, text } = await raw(path);
    expect([400, 404]).toContain(status);
    expect(text).not.toMatch(/secret$|root:/);
  });

  it('has a plain one in its place where it was not built', async () => {
    const unbuilt = await RunningDashboard.start();
    const { text } = await unbuilt.http.get('/').expect(200).expect('content-type', /html/);
    expect(text).toContain('not built');
    await unbuilt.http.get('/assets/index.js').expect(404);
    await unbuilt.stop();
  });
});
