import { SendOutcomeUnknownError } from '../index.js';
import { describeGroups } from '../group.contract.js';
import { describeLog } from '../log.contract.js';
import type { LogUnderTest } from '../log.contract.js';
import { MemoryLog } from './memory-log.js';
import { RecordingListener } from './recording-listener.js';

function create(): Promise<LogUnderTest> {
  let now = 1_700_000_000_000;
  const log = new MemoryLog({ clock: () => now });
  return Promise.resolve({
    log,
    setNow: (ms: number) => {
      now = ms;
    },
    truncate: (topic: string, partition: number, before: number) => {
      log.truncate(topic, partition, before);
      return Promise.resolve();
    },
    remove: () => log.close(),
  });
}

describeLog('the log in memory', create);
describeGroups('the log in memory', create);

describe('the log in memory helps tests', () => {
  async function logWithTopic(): Promise<MemoryLog> {
    const log = new MemoryLog();
    await log.ensureTopic({ name: 'ticks', partitions: 2 });
    return log;
  }

  it('has the same times in every run', async () => {
    const times = async (): Promise<number[]> => {
      const log = await logWithTopic();
      await log.deliver('ticks', 'a', 'b');
      return log.records('ticks').map(({ timeMs }) => timeMs);
    };
    expect(await times()).toEqual(await times());
    expect(await times()).toEqual([Date.UTC(2024, 0, 1), Date.UTC(2024, 0, 1) + 1]);
  });

  it('delivers and comes back when the consumers have dealt with it', async () => {
    const log = await logWithTopic();
    const listener = new RecordingListener({ onBatch: () => new Promise(setImmediate) });
    await log.createConsumer({ topic: 'ticks' }).start(listener);
    await log.deliver('ticks', 'a', { partition: 1, key: 'k', value: 'b' }, Buffer.from('c'));
    expect(listener.values(0)).toEqual(['a', 'c']);
    expect(listener.values(1)).toEqual(['b']);
    expect(log.records('ticks', 1).map(({ key }) => key?.toString())).toEqual(['k']);
    await log.close();
  });

  it('waits for what a consumer sends on to another topic', async () => {
    const log = await logWithTopic();
    await log.ensureTopic({ name: 'next', partitions: 1 });
    const producer = await log.createProducer();
    const forward = new RecordingListener({
      onBatch: ({ records }) =>
        producer.send(
          'next',
          records.map(({ value }) => ({ partition: 0, value })),
        ),
    });
    const last = new RecordingListener();
    await log.createConsumer({ topic: 'ticks', order: 'record-time' }).start(forward);
    await log.createConsumer({ topic: 'next' }).start(last);
    await log.deliver('ticks', 'a', 'b');
    expect(last.values()).toEqual(['a', 'b']);
    await log.close();
  });

  it('fails a send of which a part has landed', async () => {
    const log = await logWithTopic();
    const producer = await log.createProducer();
    log.failNextSend(({ partition }) => partition === 1);
    const both = [0, 1].map((partition) => ({ partition, value: 'x' }));
    await expect(producer.send('ticks', both)).rejects.toThrow(SendOutcomeUnknownError);
    expect(await log.offsetRanges('ticks')).toEqual([
      { start: 0, end: 0 },
      { start: 0, end: 1 },
    ]);
    await producer.send('ticks', both);
    expect(log.records('ticks')).toHaveLength(3);
  });

  it('gives a topic that was deleted and made again another id', async () => {
    const log = await logWithTopic();
    const before = await log.describeTopic('ticks');
    log.deleteTopic('ticks');
    const after = await log.ensureTopic({ name: 'ticks', partitions: 2 });
    expect(after.id).not.toBe(before?.id);
  });

  it('takes the lanes of a group from those who were stopped for too long', async () => {
    const log = await logWithTopic();
    const stale: boolean[] = [];
    const listener = new RecordingListener({
      onBatch: (batch) => {
        stale.push(batch.isStale());
        if (stale.length === 1) log.expireLeases();
        stale.push(batch.isStale());
      },
    });
    await log.createConsumer({ topic: 'ticks', group: 'layer' }).start(listener);
    await log.deliver('ticks', 'a');
    expect(stale).toEqual([false, true]);
    expect(listener.calls).toEqual(['assigned 0 1', 'batch', 'revoked 0 1', 'assigned 0 1']);
    await log.close();
  });

  it('leaves lanes to those who were kept from renewing by taking them, if nobody else came', async () => {
    const log = await logWithTopic();
    const listener = new RecordingListener({
      position: () => {
        log.expireLeases();
        return 0;
      },
    });
    await log.createConsumer({ topic: 'ticks', group: 'layer' }).start(listener);
    await log.deliver('ticks', 'a');
    expect(listener.calls).toEqual(['assigned 0 1', 'batch']);
    await log.close();
  });

  it('tells those who were kept from renewing by taking lanes that another one has them', async () => {
    const log = await logWithTopic();
    const other = new RecordingListener();
    let isFirst = true;
    const listener = new RecordingListener({
      position: async (partition) => {
        if (partition === 1 && isFirst) {
          isFirst = false;
          log.expireLeases();
          await log.createConsumer({ topic: 'ticks', group: 'layer' }).start(other);
        }
        return 0;
      },
    });
    await log.createConsumer({ topic: 'ticks', group: 'layer' }).start(listener);
    await log.settled();
    await log.deliver('ticks', 'a');
    expect(other.calls).toEqual(['assigned 0 1', 'revoked 1', 'batch']);
    expect(listener.calls).toEqual(['assigned 0 1', 'revoked 0 1', 'assigned 1']);
    await log.close();
  });
});
