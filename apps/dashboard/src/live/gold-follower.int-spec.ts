import { encodeUpdate } from '@engine/contracts';
import { laneOf } from '@engine/medallion';
import { openBar } from '../testing/rows.js';
import { RunningDashboard } from '../testing/running-dashboard.js';
import { MAX_HISTORY } from './gold-follower.js';

let dashboard: RunningDashboard;
afterEach(async () => {
  await dashboard.stop();
});

describe('GoldFollower', () => {
  it('does not read the whole history', async () => {
    const partition = laneOf('AAPL', 4);
    dashboard = await RunningDashboard.start(async (_, log) => {
      const producer = await log.createProducer();
      const old = { partition, value: 'no update: reading it would stop the dashboard' };
      const update = { partition, ...encodeUpdate(openBar()) };
      await producer.send('gold-updates', [old, ...Array.from({ length: MAX_HISTORY }, () => update)]);
    });
    expect(await dashboard.items('/api/bars?symbol=AAPL&interval=1m')).toHaveLength(1);
    await dashboard.http.get('/health/ready').expect(200);
  });

  it('goes on from the new start when the log lost updates it had still to read', async () => {
    const partition = laneOf('AAPL', 4);
    dashboard = await RunningDashboard.start();
    const lost = { partition, value: 'no update: reading it would stop the dashboard' };
    const kept = { partition, ...encodeUpdate(openBar()) };
    const heard = dashboard.log.deliver('gold-updates', lost, lost, kept);
    dashboard.log.truncate('gold-updates', partition, 2);
    await heard;
    expect(await dashboard.items('/api/bars?symbol=AAPL&interval=1m')).toHaveLength(1);
    await dashboard.http.get('/health/ready').expect(200);
  });
});
