import { GapError, UnknownVersionError } from '@engine/contracts';
import { MemoryChainStore } from '@engine/lake/testing';
import { bronzeEvents, silverMarkers, silverTicks } from '@engine/medallion';
import { parseBarInterval } from '@engine/window';
import { MemoryLog, waitUntil } from '@engine/stream/testing';

import { LogReplacedError } from './replaced-log.js';
import type { PipelineObserver } from './observer.js';
import { MemoryPipeline, topics } from './testing.js';

const rules = {
  allowedLatenessUs: 5_000_000,
  maxFutureUs: Number.MAX_SAFE_INTEGER,
  silverRows: 5,
  windowUs: 4_000_000,
  windowSlideUs: 2_000_000,
  barIntervals: [parseBarInterval('1s')],
  maxSymbols: 100,
  dedupWithoutId: 'never' as const,
};

let log: MemoryLog;
let lake: MemoryChainStore;
beforeEach(async () => {
  log = new MemoryLog();
  lake = new MemoryChainStore();
  await MemoryPipeline.ensureTopics(log, 1);
});

const start = (observer: PipelineObserver = {}): Promise<MemoryPipeline> =>
  MemoryPipeline.start({ log, lake, lanes: 1, rules, observer, limits: { maxRows: 1, maxMs: 3_600_000 } });
const tick = (id: number): string =>
  JSON.stringify({ ticker: 'AAPL', price: 100 + id, timestamp: 1_700_000_000 + id, id });

it('unknown-version-stops: a message of another version ends the consumer, nothing is skipped', async () => {
  const pipeline = await start();
  await log.deliver(topics.bronzeTicks, '{"v":2,"n":0}');
  await expect(pipeline.ended).rejects.toThrow(UnknownVersionError);
  await pipeline.stop();
  expect(lake.rows('silver/ticks')).toEqual([]);
});

it('a message whose predecessor never came stops the lane in plain sight', async () => {
  const pipeline = await start();
  await log.deliver(topics.stockTicks, tick(0));
  await log.deliver(topics.stockTicks, tick(1));
  const [, second] = log.records(topics.bronzeTicks);
  await pipeline.stop();

  const gap = new MemoryLog();
  await MemoryPipeline.ensureTopics(gap, 1);
  const other = await MemoryPipeline.start({ log: gap, lake: new MemoryChainStore(), lanes: 1, rules });
  await gap.deliver(topics.bronzeTicks, second?.value?.toString() ?? '');
  await expect(other.ended).rejects.toThrow(GapError);
  await other.stop();
});

it('rows that come again are left out, and counted', async () => {
  const trimmed: [lane: number, rows: number][] = [];
  const pipeline = await start({ rowsTrimmed: (...args) => trimmed.push(args) });
  await log.deliver(topics.stockTicks, `[${[tick(0), tick(1), tick(2)].join(',')}]`);
  expect(trimmed).toEqual([]);
  for (const topic of [topics.bronzeTicks, topics.silverTicks]) {
    await log.deliver(topic, log.records(topic)[0]?.value?.toString() ?? '');
    expect(trimmed.splice(0)).toEqual([[0, 3]]);
  }
  await pipeline.stop();
  expect(lake.rows('silver/ticks')).toHaveLength(3);
});

it('recovers when another owner has published first: the rows are there once', async () => {
  const refused: string[] = [];
  const pipeline = await start({ segmentRefused: (table) => refused.push(table) });
  await log.deliver(topics.stockTicks, tick(0));
  const stored = lake.rows('silver/ticks');
  const footer = lake.footers('silver/ticks')[0];
  const quiet = lake.footers('bronze/events')[0];
  expect(stored).toHaveLength(1);
  expect([footer?.next, quiet?.next]).toEqual([1, 1]);
  // The other owner has already published what comes next.
  await lake.publishAsOther(silverTicks, 0, {
    next: 2,
    batches: [],
    rules: 'test',
    topic: footer?.topic ?? '',
    watermark: null,
    lanes: null,
    through: null,
  });
  await log.deliver(topics.stockTicks, tick(1));
  await log.deliver(topics.stockTicks, tick(2));
  await log.settled();
  await pipeline.stop();
  const offsets = lake.rows('silver/ticks').map((row) => row['lane_offset']);
  expect(offsets).toEqual([0, 2]);
  expect(refused).toEqual(['silver/ticks']);
  expect(lake.rows('bronze/events')).toHaveLength(3);
});

it('a lane that finds its chain moved is taken up again at once, not when the next record comes', async () => {
  const pipeline = await MemoryPipeline.start({
    log,
    lake,
    lanes: 1,
    rules,
    limits: { maxRows: 2, maxMs: 1 },
  });
  const topic = `${topics.stockTicks}@${(await log.describeTopic(topics.stockTicks))?.id}`;
  const none = { batches: [], rules: 'test', topic, watermark: null, lanes: '{}', through: null };
  // A zombie that had read one record wakes up and publishes it, after its successor has read two.
  await lake.publishAsOther(bronzeEvents, 0, { next: 1, ...none });
  await log.deliver(topics.stockTicks, tick(0), tick(1));
  await waitUntil(() => lake.rows('bronze/events').length === 1);
  expect(lake.rows('bronze/events').map((row) => row['record_offset'])).toEqual([1]);
  await pipeline.stop();
});

it('refuses a lake that was made from another log, and says what to do', async () => {
  const pipeline = await start();
  await log.deliver(topics.stockTicks, tick(0));
  await pipeline.stop();
  const other = new MemoryLog();
  await other.ensureTopic({ name: 'unrelated', partitions: 1 });
  await MemoryPipeline.ensureTopics(other, 1);
  await expect(MemoryPipeline.start({ log: other, lake, lanes: 1, rules })).rejects.toThrow(LogReplacedError);
});

it('keeps what cannot be read, announces it, and goes on', async () => {
  const pipeline = await start();
  await log.deliver(topics.stockTicks, tick(0), 'not json', `[${tick(1)},{"ticker":"A"},{"price":1}]`);
  await pipeline.stop();
  expect(lake.rows('bronze/events').map(({ verdict, reason }) => [verdict, reason])).toEqual([
    ['accepted', null],
    ['invalid', 'not_json'],
    ['accepted', null],
    ['invalid', 'missing_price'],
    ['invalid', 'missing_ticker'],
  ]);
  const letters = log
    .records(topics.deadLetters)
    .map(({ headers, value }) => [
      headers['reason'],
      headers['offset'],
      headers['index'],
      value?.toString() ?? null,
    ]);
  expect(letters).toEqual([
    ['not_json', '1', '0', 'not json'],
    ['missing_price', '2', '1', `[${tick(1)},{"ticker":"A"},{"price":1}]`],
    ['missing_ticker', '2', '2', `[${tick(1)},{"ticker":"A"},{"price":1}]`],
  ]);
});

it('a marker becomes a row of silver and closes what is open, also sent twice', async () => {
  const pipeline = await start();
  await log.deliver(topics.stockTicks, tick(0));
  const marker = '{"v":1,"marker":1700000060000000}';
  await log.deliver(topics.bronzeTicks, marker, marker);
  await pipeline.stop();
  expect(lake.rows(silverMarkers.name)).toHaveLength(2);
  expect(lake.rows('gold/bars').map(({ symbol, revision, ticks }) => [symbol, revision, ticks])).toEqual([
    ['AAPL', 0, 1],
  ]);
});
