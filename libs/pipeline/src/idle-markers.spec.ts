import { TopicMismatchError } from '@engine/stream/ports';
import { MemoryLog, waitUntil } from '@engine/stream/testing';

import { Emitter } from './emitter.js';
import { IdleMarkers } from './idle-markers.js';

const CLOCK_US = 1_700_000_000_000_000;
let log: MemoryLog;
let emitter: Emitter;
beforeEach(async () => {
  log = new MemoryLog();
  await log.ensureTopic({ name: 'bronze-ticks', partitions: 2 });
  emitter = new Emitter(log);
});
afterEach(() => emitter.close());

interface Lane {
  position: number;
  lastRecordTimeMs: number | undefined;
  nextCloseUs: number | null;
}

function keeperOf(lane: Lane, failed: (error: unknown) => void = () => undefined): IdleMarkers {
  return new IdleMarkers(
    {
      lane: 1,
      position: () => lane.position,
      lastRecordTimeMs: () => lane.lastRecordTimeMs,
      clockUs: () => CLOCK_US,
      nextCloseUs: () => lane.nextCloseUs,
      closingMarkerUs: () => lane.nextCloseUs,
      failed,
    },
    { log, emitter, topic: 'bronze-ticks', encode: String, idleMs: 20 },
  );
}

const markers = (): number[] => log.records('bronze-ticks', 1).map(({ value }) => Number(value?.toString()));

it('marks the lane clock plus the wall time since the last record, once that closes something', async () => {
  const lastRecordTimeMs = Date.now();
  const keeper = keeperOf({ position: 0, lastRecordTimeMs, nextCloseUs: CLOCK_US + 30_000 });
  keeper.processed();
  await waitUntil(() => markers().length > 0);
  const elapsedUs = (Date.now() - lastRecordTimeMs) * 1000;
  expect(markers()).toHaveLength(1);
  expect(markers()[0]).toBeGreaterThanOrEqual(CLOCK_US + 30_000);
  expect(markers()[0]).toBeLessThanOrEqual(CLOCK_US + elapsedUs);
  await keeper.close();
});

it('marks nothing while records wait, and tries again after they were processed', async () => {
  const lane: Lane = { position: 0, lastRecordTimeMs: Date.now() - 1_000, nextCloseUs: CLOCK_US };
  let asked = 0;
  const offsetRanges = log.offsetRanges.bind(log);
  log.offsetRanges = (topic) => {
    asked++;
    return offsetRanges(topic);
  };
  await log.deliver('bronze-ticks', { partition: 1, value: '7' });
  const keeper = keeperOf(lane);
  keeper.processed();
  await waitUntil(() => asked > 0);
  await keeper.close();
  expect(markers()).toEqual([7]);

  lane.position = 1;
  keeper.processed();
  await waitUntil(() => markers().length > 1);
  await keeper.close();
});

it('leaves a lane alone in which nothing is open', async () => {
  const keeper = keeperOf({ position: 0, lastRecordTimeMs: 0, nextCloseUs: null });
  keeper.processed();
  await keeper.closeAll();
  await keeper.close();
  expect(markers()).toEqual([]);
});

it('tells the lane at once when it could not append, and again when it is asked', async () => {
  const told: unknown[] = [];
  const lane = { position: 0, lastRecordTimeMs: 0, nextCloseUs: CLOCK_US };
  const keeper = keeperOf(lane, (error) => told.push(error));
  log.deleteTopic('bronze-ticks');
  keeper.processed();
  await waitUntil(() => told.length > 0);
  expect(told).toEqual([expect.any(TopicMismatchError)]);
  const failed = (): boolean => {
    try {
      keeper.processed();
      return false;
    } catch {
      return true;
    }
  };
  await waitUntil(failed);
  await keeper.close();
});
