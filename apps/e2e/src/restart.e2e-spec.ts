import { join } from 'node:path';
import { writeOrderlyFile } from './input/orderly-feed.js';
import { startUp, untilNoProcessNames } from './support/engine.js';
import type { EngineProcess } from './support/engine.js';
import { publish, readTopic } from './support/log.js';
import type { Published } from './support/log.js';
import { killAll, processesNaming } from './support/processes.js';
import { ProgressMeter } from './support/progress-meter.js';
import { tempFolder } from './support/temp-folder.js';
import { until } from './support/until.js';

const TICKS = 40_000;
const TOPICS = ['bronze-ticks', 'silver-ticks', 'gold-updates'];
const settings = { SEGMENT_MAX_MS: '300', SNAPSHOT_MS: '600' };

let dataDir: string;
let meter: ProgressMeter;

beforeEach(async () => {
  dataDir = tempFolder('restart');
  meter = await ProgressMeter.open(dataDir);
});
afterEach(async () => {
  await meter.close();
  killAll(processesNaming(dataDir));
});

/** A whole history, through all layers and published, but not closed: as it is in the middle of a day. */
async function startWithHistory(): Promise<EngineProcess> {
  const file = join(dataDir, 'orderly.ndjson');
  writeOrderlyFile(file, TICKS);
  const engine = await startUp(dataDir, ['--file', file, '--speed', 'max', '--no-dashboard'], settings);
  await until('the history is published', async () => {
    if (engine.hasExited) throw new Error(`The engine ended by itself: ${engine.complaint}`);
    return (await meter.done('silver')) === TICKS && (await isPublished('gold'));
  });
  return engine;
}

const isPublished = async (layer: 'gold'): Promise<boolean> =>
  (await meter.behind(layer, await meter.inputEnds(layer))).length === 0;

/** What a topic got from these offsets on. */
async function newIn(topic: string, from: readonly number[]): Promise<Published[]> {
  const records = await readTopic(dataDir, topic);
  return records.filter(({ partition, offset }) => offset >= (from[partition] ?? 0));
}

it.each(['SIGTERM', 'SIGKILL'] as const)(
  'after %s a restart goes on where it was, with what comes next, and says nothing of the history again',
  async (signal) => {
    const first = await startWithHistory();
    await first.stop(signal);
    await untilNoProcessNames(dataDir);
    const ends = new Map<string, number[]>();
    for (const topic of TOPICS) ends.set(topic, await meter.ends(topic));

    const second = await startUp(dataDir, ['--no-dashboard'], { ...settings, FEED: 'none' });
    // Three hours after the history began.
    const tick = { ticker: 'NEWCOMER', price: 7, timestamp: 1_709_161_200, id: 'n-1', source: 'orderly' };
    await publish(dataDir, [[{ partition: 0, value: JSON.stringify(tick) }]]);
    for (const topic of TOPICS)
      await until(`the new tick is in ${topic}`, async () => {
        if (second.hasExited) throw new Error(`The engine ended by itself: ${second.complaint}`);
        const records = await newIn(topic, ends.get(topic) ?? []);
        return records.some(({ value }) => String(value).includes('NEWCOMER'));
      });

    for (const topic of ['bronze-ticks', 'silver-ticks']) {
      const values = (await newIn(topic, ends.get(topic) ?? [])).map(({ value }) => String(value));
      expect(values.filter((value) => !value.includes('NEWCOMER') && !value.includes('"marker"'))).toEqual(
        [],
      );
      expect(values.filter((value) => value.includes('NEWCOMER'))).toHaveLength(1);
    }
    expect((await second.stop('SIGTERM')).code).toBe(0);
    await untilNoProcessNames(dataDir);
  },
);
