import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SentRows } from './feeds/feed.js';
import { FileFeed } from './feeds/file-feed.js';
import { countLateRows, lateRowsText, readNewestTimes } from './late-rows.js';

const NEVER = new AbortController().signal;
const nothingSent: SentRows = { newestRow: -1, has: () => false };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'late-rows-'));
});
afterEach(() => rm(folder, { recursive: true }));

const line = (ticker: string, seconds: number): string =>
  JSON.stringify({ ticker, price: 1, timestamp: 1_700_000_000 + seconds, id: `${ticker}${seconds}` });

/** A tick each ten seconds, recorded at its own pace: counting must not wait for it. */
async function openTicks(): Promise<FileFeed> {
  const lines = Array.from({ length: 10 }, (_, at) => [line('A', at * 10), line('B', at * 10)]).flat();
  await writeFile(join(folder, 'ticks.jsonl'), [...lines, 'not json'].join('\n'));
  return FileFeed.open({ path: folder, format: 'auto', speed: 1 });
}

/** A's newest is of second 80; more than 30 s before it are those of 0 to 40. B is not known. */
const lake = { newest: new Map([['A', 1_700_000_080_000_000]]), allowedLatenessUs: 30_000_000 };

it('counts what is older than its own symbol by more than the lateness', async () => {
  const counts = await countLateRows(await openTicks(), nothingSent, lake, NEVER);
  expect(counts).toEqual({ rows: 21, late: 5 });
  expect(lateRowsText(counts)).toMatch(/^5 of 21 rows .*engine backfill --layer silver --order event-time/);
});

it('leaves out what an earlier run of the feed has sent', async () => {
  const sent: SentRows = { newestRow: 3, has: (_, row) => row <= 3 };
  expect(await countLateRows(await openTicks(), sent, lake, NEVER)).toEqual({ rows: 17, late: 3 });
});

it('knows nothing where there is no lake, and makes none', async () => {
  expect(await readNewestTimes(join(folder, 'lake'))).toEqual(new Map());
});
