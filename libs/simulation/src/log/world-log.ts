import { Log, SendOutcomeUnknownError, LogError } from '@engine/stream/ports';
import type {
  ConsumerOptions,
  LogConsumer,
  LogProducer,
  LogRecord,
  OffsetRange,
  OutgoingRecord,
  ReadLimits,
  TopicDescription,
  TopicSpec,
} from '@engine/stream/ports';
import { checkSamePartitions, missingTopic, PullConsumer, SerialProducer } from '@engine/stream/testing';

import type { World } from '../machine/world.js';
import { WorldGroups } from './world-groups.js';
import { WorldTopic } from './world-topic.js';

/** The log cannot be reached for the moment. */
export class LogAwayError extends LogError {
  readonly retriable = true;
}

const refuse = (code: string, label: string): Error => new LogAwayError(`${label}: ${code}`);

/** How long a sender waits for an answer. */
const ANSWER_MS = 1_000;

/** The log of one world, to all of its processes: durable, and reached over a network that delays, loses and answers late. */
export class WorldLog extends Log {
  readonly groups: WorldGroups;
  readonly #topics = new Map<string, WorldTopic>();

  constructor(
    private readonly world: World,
    /** Told of everything that is in the log, once it is there. */
    private readonly appended: (topic: string, record: LogRecord) => void,
  ) {
    super();
    this.groups = new WorldGroups(world);
  }

  ensureTopic(spec: TopicSpec): Promise<TopicDescription> {
    return this.#call(`ensure ${spec.name}`, () => {
      let topic = this.#topics.get(spec.name);
      if (topic === undefined) this.#topics.set(spec.name, (topic = new WorldTopic(spec)));
      checkSamePartitions(topic.description, spec);
      return topic.description;
    });
  }

  describeTopic(name: string): Promise<TopicDescription | undefined> {
    return this.#call(`describe ${name}`, () => this.#topics.get(name)?.description);
  }

  offsetRanges(topic: string): Promise<readonly OffsetRange[]> {
    return this.#call(`ranges of ${topic}`, () => this.topic(topic).ranges());
  }

  read(topic: string, partition: number, from: number, limits: ReadLimits): Promise<readonly LogRecord[]> {
    return this.#call(`read ${topic}/${partition} from ${from}`, () =>
      this.topic(topic).read(partition, from, this.#cut(limits.maxRecords)),
    );
  }

  createProducer(): Promise<LogProducer> {
    return this.#call('connect', () => new SerialProducer((topic, records) => this.#send(topic, records)));
  }

  createConsumer(options: ConsumerOptions): LogConsumer {
    const { topic: name } = options;
    return new PullConsumer(options, {
      open: () => Promise.resolve(this.#source(name)),
      leases: (group, partitions) => Promise.resolve(this.groups.seat(`${group} of ${name}`, partitions)),
    });
  }

  /** Nobody in a world computes a layer anew. */
  members(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  topic(name: string): WorldTopic {
    const topic = this.#topics.get(name);
    if (topic === undefined) throw missingTopic(name);
    return topic;
  }

  append(topic: string, records: readonly OutgoingRecord[]): void {
    const { world } = this;
    for (const stored of this.topic(topic).append(records, Math.floor(world.nowMs)))
      this.appended(topic, stored);
    for (const { process, source } of this.topic(topic).readers)
      if (!source.isNoticePending) {
        source.isNoticePending = true;
        world.after(world.director.latencyMs(), process, `notice of ${topic}`, () => {
          source.notice();
        });
      }
  }

  #source(name: string): ReturnType<WorldTopic['open']> {
    return this.topic(name).open(this.world.current!, {
      ranges: () => this.offsetRanges(name),
      fetch: (wanted) =>
        this.#call(
          `fetch ${name} ${wanted.map(({ partition, from }) => `${partition}@${from}`).join(' ')}`,
          () => {
            const topic = this.topic(name);
            return wanted.map(({ partition, from, limits }) => ({
              records: topic.read(partition, from, limits === undefined ? 0 : this.#cut(limits.maxRecords)),
              end: topic.end(partition),
            }));
          },
        ),
    });
  }

  /** Other boundaries every time. */
  #cut(most: number): number {
    return this.world.director.boundary(most);
  }

  async #send(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    const partitions = [...new Set(records.map(({ partition }) => partition))];
    const label = `send ${topic}/${partitions.join(',')} ${records.length} records`;
    const issue = (): { answers: Promise<unknown> } => {
      const process = this.world.current!;
      const answers = partitions.map((partition) =>
        this.#request(
          process,
          topic,
          records.filter((record) => record.partition === partition),
        ),
      );
      return { answers: Promise.all(answers) };
    };
    const { answers } = await this.world.call({ kind: 'send', label }, issue, refuse);
    await answers;
  }

  /** One partition's part of a send, on its own way. */
  #request(
    process: NonNullable<World['current']>,
    topic: string,
    records: readonly OutgoingRecord[],
  ): Promise<void> {
    const { world } = this;
    const { partition } = records[0]!;
    const where = `${topic}/${partition}`;
    const { landsAfterMs, isAnswered } = world.director.passage(topic, partition);
    if (landsAfterMs === null || !isAnswered)
      world.note(
        process.name,
        `  ${landsAfterMs === null ? 'loses' : `lands after ${landsAfterMs.toFixed(0)} ms, unanswered:`} ${where}`,
      );
    const answer = new Promise<void>((resolve, reject) => {
      if (landsAfterMs !== null)
        world.after(landsAfterMs, null, `lands ${where} of ${process.name}`, () => {
          this.append(topic, records);
          if (isAnswered) world.after(world.director.latencyMs(), process, `acknowledged ${where}`, resolve);
        });
      if (!isAnswered || landsAfterMs === null)
        world.after(ANSWER_MS, process, `no answer from ${where}`, () => {
          reject(new SendOutcomeUnknownError(`${where}: no answer`));
        });
    });
    answer.catch(() => undefined);
    return answer;
  }

  #call<T>(label: string, act: () => T): Promise<T> {
    return this.world.call({ kind: 'log', label }, act, refuse);
  }
}
