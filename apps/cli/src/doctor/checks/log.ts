import { topicNames } from '@engine/contracts';
import type { TopicNames } from '@engine/contracts';
import type { LayerConfig } from '@engine/config';
import type { Log } from '@engine/stream';

import { messageOf } from '../../failure.js';
import type { Check, Finding } from '../finding.js';
import { checkLogAgainstLake } from './log-and-lake.js';
import { openExistingLog } from '../../open-existing-log.js';

const what = 'Log';
/** Their partitions are lanes; `stock-ticks` may have any number. */
const LANED = ['bronzeTicks', 'silverTicks', 'goldUpdates', 'deadLetters'] as const;

/** Whether the log is there, what it holds, and whether it goes with the settings and the lake. */
export const checkLog: Check = async ({ config, lakeDir }) => {
  if (config === null)
    return [{ what, outcome: 'warn', detail: 'not looked at', remedy: 'mend the settings first' }];
  const where =
    config.kafka === null ? (config.logFolder ?? '') : `Kafka at ${config.kafka.brokers.join(', ')}`;
  const lakeAhead = (log: Log | null): Promise<readonly Finding[]> =>
    checkLogAgainstLake(log, topicNames(config.topicPrefix), lakeDir);
  let log: Log | null;
  try {
    log = await openExistingLog(config);
  } catch (error) {
    const remedy =
      config.kafka === null
        ? 'see whether another user made it, or choose another folder with --data'
        : 'start the broker, or set KAFKA_BROKERS (and KAFKA_SSL*, KAFKA_SASL*) to where it is';
    return [{ what, outcome: 'fail', detail: messageOf(error), remedy }];
  }
  try {
    return [
      ...(log === null ? [none(where)] : await contents(log, where, config)),
      ...(await lakeAhead(log)),
    ];
  } catch (error) {
    return [
      {
        what,
        outcome: 'fail',
        detail: messageOf(error),
        remedy: 'see who else uses it, and its own messages',
      },
    ];
  } finally {
    await log?.close();
  }
};

const none = (where: string): Finding => ({
  what,
  outcome: 'ok',
  detail: `none yet: the first start makes it (${where})`,
});

async function contents(log: Log, where: string, config: LayerConfig): Promise<readonly Finding[]> {
  const topics = topicNames(config.topicPrefix);
  return [
    { what, outcome: 'ok', detail: where },
    ...(await lanes(log, topics, config.lanes)),
    ...(await clock(log, topics.stockTicks, config.rules.maxFutureUs / 1000)),
    ...(await brokerTimes(log, topics.stockTicks, config)),
  ];
}

async function lanes(log: Log, topics: TopicNames, wanted: number): Promise<readonly Finding[]> {
  const descriptions = await Promise.all(LANED.map((role) => log.describeTopic(topics[role])));
  const others = descriptions.filter((topic) => topic !== undefined && topic.partitions !== wanted);
  return others.map((topic) => ({
    what,
    outcome: 'fail',
    detail: `${topic?.name ?? ''} has ${topic?.partitions ?? 0} partitions, LANES=${wanted}`,
    remedy: `set LANES=${topic?.partitions ?? 0}: it is fixed for the life of a log and its lake`,
  }));
}

/** Against the newest record: a clock that was set back makes honest ticks look as if they came from the future. */
async function clock(log: Log, topic: string, toleranceMs: number): Promise<readonly Finding[]> {
  if ((await log.describeTopic(topic)) === undefined) return [];
  const ranges = await log.offsetRanges(topic);
  let newestMs = -Infinity;
  for (const [partition, { start, end }] of ranges.entries()) {
    if (end === start) continue;
    const records = await log.read(topic, partition, end - 1, { maxRecords: 1, maxBytes: 1 });
    newestMs = Math.max(newestMs, records.at(-1)?.timeMs ?? -Infinity);
  }
  const aheadMs = newestMs - Date.now();
  if (aheadMs <= toleranceMs) return [{ what: 'Clock', outcome: 'ok', detail: new Date().toISOString() }];
  const detail = `${new Date().toISOString()}, ${Math.round(aheadMs / 1000)} s before the newest record of ${topic}`;
  return [
    {
      what: 'Clock',
      outcome: 'warn',
      detail,
      remedy: 'set the clock of this machine (NTP), or the broker’s',
    },
  ];
}

async function brokerTimes(log: Log, topic: string, { kafka }: LayerConfig): Promise<readonly Finding[]> {
  if (kafka === null || (await log.describeTopic(topic)) === undefined) return [];
  const { hasBrokerTimes } = await import('@engine/stream/kafka');
  if (await hasBrokerTimes(kafka, topic)) return [];
  return [
    {
      what,
      outcome: 'warn',
      detail: `${topic} has message.timestamp.type=CreateTime: its records carry their senders' time`,
      remedy: `kafka-configs --alter --entity-type topics --entity-name ${topic} --add-config message.timestamp.type=LogAppendTime`,
    },
  ];
}
