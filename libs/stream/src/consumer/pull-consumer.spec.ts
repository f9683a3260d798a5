import { AllLanes } from '../group/all-lanes.js';
import { MemoryTopic } from '../memory/memory-topic.js';
import { RecordingListener } from '../testing.js';
import { PullConsumer } from './pull-consumer.js';

/** Leases that run out and are renewed when the test says so, before anybody has taken the lanes. */
class FlickeringLeases extends AllLanes {
  held = true;
  /** How often somebody asked and was told that they have run out. */
  refused = 0;
  override isHeld(): boolean {
    if (!this.held) this.refused++;
    return this.held;
  }
}

describe('a consumer whose leases run out for a moment', () => {
  it.each(['partition', 'record-time'] as const)(
    'loses nothing of a batch that was dropped as stale (order: %s)',
    async (order) => {
      const topic = new MemoryTopic({ name: 'ticks', partitions: 2, id: 'id' });
      const leases = new FlickeringLeases(2);
      const consumer = new PullConsumer(
        { topic: 'ticks', group: 'layer', order },
        { open: () => Promise.resolve(topic), leases: () => Promise.resolve(leases), backoff: () => 1 },
      );
      const dealtWith: (string | undefined)[] = [];
      const next = [0, 0];
      let flickers = 2;
      const listener = new RecordingListener({
        position: (partition) => next[partition]!,
        onBatch: (batch) => {
          leases.held = flickers-- <= 0;
          const isDropped = batch.isStale();
          // Renewed, before anybody has noticed but who asked.
          leases.held = true;
          if (isDropped) return;
          for (const { partition, offset, value } of batch.records) {
            dealtWith.push(value?.toString());
            next[partition] = offset + 1;
          }
        },
      });
      await consumer.start(listener);
      for (const value of ['a', 'b', 'c'])
        topic.append(
          [0, 1].map((partition) => ({ partition, value: `${value}${partition}` })),
          1,
        );
      await new Promise((resolve) => setTimeout(resolve, 5));
      for (let turns = 0; turns < 10_000 && dealtWith.length < 6; turns++) await new Promise(setImmediate);
      await consumer.stop();
      expect(dealtWith.sort()).toEqual(['a0', 'a1', 'b0', 'b1', 'c0', 'c1']);
    },
  );

  it('delivers what came meanwhile once they are renewed, although nothing else comes', async () => {
    const topic = new MemoryTopic({ name: 'ticks', partitions: 1, id: 'id' });
    const leases = new FlickeringLeases(1);
    const consumer = new PullConsumer(
      { topic: 'ticks', group: 'layer', order: 'partition' },
      { open: () => Promise.resolve(topic), leases: () => Promise.resolve(leases), backoff: () => 1 },
    );
    const listener = new RecordingListener({});
    await consumer.start(listener);
    leases.held = false;
    topic.append([{ partition: 0, value: 'a' }], 1);
    // Who asks has fetched the record.
    while (leases.refused === 0) await new Promise(setImmediate);
    expect(listener.batches).toEqual([]);
    leases.held = true;
    const deadline = Date.now() + 5_000;
    while (listener.batches.length === 0 && Date.now() < deadline) await new Promise(setImmediate);
    await consumer.stop();
    expect(listener.batches).toHaveLength(1);
  });
});
