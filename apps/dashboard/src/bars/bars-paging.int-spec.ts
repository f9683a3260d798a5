import { barRows, barUpdate, MINUTE_US, openBar, OPENING_US } from '../testing/rows.js';
import { RunningDashboard } from '../testing/running-dashboard.js';

const at = (minute: number): number => OPENING_US + minute * MINUTE_US;

let dashboard: RunningDashboard;
beforeAll(async () => {
  const bars = Array.from({ length: 10 }, (_, minute) => barUpdate({ start: at(minute), close: minute }));
  const corrected = barUpdate({ start: at(4), close: 4.5, revision: 1, state: 'corrected' });
  dashboard = await RunningDashboard.start((lake) =>
    lake.publish({ next: 10, batch: barRows(...bars, corrected), watermark: at(30) }),
  );
  await dashboard.hear(openBar({ start: at(10), close: 10 }), openBar({ start: at(11), close: 11 }));
});
afterAll(async () => {
  await dashboard.stop();
});

const CURRENT = [0, 1, 2, 3, 4.5, 5, 6, 7, 8, 9, 10, 11];
const ALL = [0, 1, 2, 3, 4, 4.5, 5, 6, 7, 8, 9, 10, 11];

async function closes(parameters: string): Promise<readonly number[]> {
  const all: number[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const asked: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page = (await dashboard.get(`/api/bars?symbol=AAPL&interval=1m${parameters}${asked}`)) as {
      items: { close: number }[];
      next: string | null;
    };
    all.push(...page.items.map(({ close }) => close));
    cursor = page.next;
  }
  return all;
}

describe('pages of bars', () => {
  it.each([1, 2, 5, 12, 13, 5000])('reach every bar once, both ways, %d at a time', async (limit) => {
    expect(await closes(`&limit=${limit}`)).toEqual(CURRENT);
    expect(await closes(`&limit=${limit}&order=desc`)).toEqual([...CURRENT].reverse());
    expect(await closes(`&limit=${limit}&revisions=all`)).toEqual(ALL);
    expect(await closes(`&limit=${limit}&revisions=all&order=desc`)).toEqual([...ALL].reverse());
  });

  it('scroll back from a moment', async () => {
    const back = await dashboard.items(
      '/api/bars?symbol=AAPL&interval=1m&order=desc&limit=3&to=2024-03-01T09:36:00Z',
    );
    expect(back.map(({ close }) => close)).toEqual([5, 4.5, 3]);
  });
});
