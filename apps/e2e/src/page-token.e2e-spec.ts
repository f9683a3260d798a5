import type { DashboardPage } from './page/dashboard-page.js';
import { quickBars, RunningPage } from './page/running-page.js';
import { describeWithChromium } from './support/browser.js';

const TOKEN = 'open-sesame-please';

describeWithChromium('a page that wants a token', () => {
  let running: RunningPage;
  let shown: DashboardPage;

  beforeAll(async () => {
    running = await RunningPage.start('token', [], { ...quickBars, DASHBOARD_TOKEN: TOKEN });
    shown = await running.open({ viewport: { width: 1440, height: 900 } });
  });
  afterAll(() => running.stop());

  const field = () => shown.page.getByLabel('Token');
  const banner = () => shown.page.getByRole('alert').filter({ hasText: 'wants its token' });

  async function logIn(token: string): Promise<void> {
    await field().fill(token);
    await shown.page.getByRole('button', { name: 'Log in' }).click();
  }

  it('without one: asks for it, and shows nothing', async () => {
    await field().waitFor();
    expect(await shown.page.locator('[data-panel]').count()).toBe(0);
    expect((await shown.page.reload())?.status()).toBe(401);
    for (const path of ['/api/symbols', '/api/stream', '/assets/x.js'])
      expect([path, (await fetch(`${running.address}${path}`)).status]).toEqual([path, 401]);
  });

  it('with a wrong one: says so, and asks again', async () => {
    await logIn('open-barley-please');
    await shown.page.getByText('This is not the token.').waitFor();
    await field().waitFor();
    expect(await shown.page.locator('[data-panel]').count()).toBe(0);
  });

  it('with the right one: shows everything, live, and no banner', async () => {
    await logIn(TOKEN);
    await shown.untilAll('ok', ['watch-list', 'chart', 'pipeline', 'gold', 'ticks']);
    await shown.page.locator('[data-field="connection"]', { hasText: 'Live' }).waitFor();
    expect(await banner().count()).toBe(0);
    expect(shown.page.url()).not.toContain(TOKEN);
    expect(await shown.page.evaluate(() => document.cookie)).toBe('');
  });

  it('when the session has ended: a banner says what to do, and leads there and back', async () => {
    await shown.page.getByRole('button', { name: 'Pause' }).click();
    await shown.page.context().clearCookies();
    await shown.page.getByRole('button', { name: 'Go on' }).click();
    await banner().waitFor();
    await shown.screenshot('token-wanted');
    // What was shown stays in sight, marked as what it is.
    expect((await shown.rows('watch-list')).length).toBe(3);
    await banner().getByRole('link', { name: 'Log in' }).click();
    await logIn(TOKEN);
    await shown.untilAll('ok', ['watch-list', 'chart', 'pipeline', 'gold', 'ticks']);
    expect(await banner().count()).toBe(0);
  });
});
