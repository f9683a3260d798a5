import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '@engine/oracle';
import { KafkaLog } from '@engine/stream/kafka';
import type { Environment } from '../support/engine.js';
import { onKafka } from '../support/kafka.js';
import { apps, Killer } from '../support/killer.js';
import { LakeWatcher } from '../support/lake-watcher.js';
import { ProgressMeter } from '../support/progress-meter.js';
import type { App, Layer } from '../support/progress-meter.js';
import { Figures } from './figures.js';
import { Fleet } from './fleet.js';
import { Pace } from './pace.js';
import { ProxiedKafka } from './proxied-kafka.js';
import { Storm } from './storm.js';

const LANES = 4;
const INSTANCES: Readonly<Record<App, number>> = { producer: 1, bronze: 2, silver: 2, gold: 2 };
/** Many segments, snapshots and compactions: whatever happens meets every step of them. */
const busy = {
  SEGMENT_MAX_ROWS: '2000',
  SEGMENT_MAX_MS: '1000',
  SNAPSHOT_MS: '2000',
  COMPACT_GRACE_MS: '60000',
};
const LOOK_MS = 500;
const layers: readonly Layer[] = ['bronze', 'silver', 'gold'];

export interface ChaosSettings {
  readonly dataDir: string;
  /** JSON lines, so many. */
  readonly records: number;
  readonly brokers: number;
  readonly seed: number;
  /** Of the storm. */
  readonly rounds: number;
  /** How much the victim of a kill must have got done since it was killed last: records sent, or rows published. */
  readonly progress: number;
}

/** The engine on Kafka from its start, through all that happens to it, to its clean stop. */
export class ChaosRun {
  readonly figures = new Figures();
  readonly killer: Killer;
  readonly fleet: Fleet;
  readonly storm: Storm;
  readonly #pace: Pace;
  #isOver = false;

  private constructor(
    private readonly settings: ChaosSettings,
    readonly kafka: ProxiedKafka,
    readonly meter: ProgressMeter,
    readonly watcher: LakeWatcher,
  ) {
    const random = new Random(settings.seed);
    const { records, progress, rounds } = settings;
    this.killer = new Killer(meter, records, 'its own kill');
    const onExit: Figures['ended'] = (instance) => {
      this.figures.ended(instance);
    };
    this.fleet = new Fleet({ env: (app) => this.#environmentOf(app), onExit }, (items) => random.pick(items));
    const { fleet, killer } = this;
    this.storm = new Storm({ random, kafka, fleet, killer, lanes: LANES, progress, rounds });
    this.#pace = new Pace(records, this.storm);
  }

  static async prepare(settings: ChaosSettings): Promise<ChaosRun> {
    const { dataDir, brokers, seed } = settings;
    const random = new Random(seed + 1);
    const kafka = await ProxiedKafka.start(brokers, () => (random.chance(0.1) ? random.integer(1, 100) : 0));
    const log = await KafkaLog.open({
      brokers: kafka.directAddress.split(','),
      ...{ ssl: null, sasl: null, createTopics: false, replicationFactor: null },
      ...{ sessionTimeoutMs: 6_000, compression: 'none' },
    });
    const meter = await ProgressMeter.over(dataDir, log);
    return new ChaosRun(settings, kafka, meter, await LakeWatcher.start(dataDir));
  }

  /** The feed that the producer replays. */
  get file(): string {
    return join(this.settings.dataDir, 'feed.ndjson');
  }

  get env(): Environment {
    return { ...onKafka(this.kafka, ''), ...busy };
  }

  /** Resolves when all instances have stopped cleanly; rejects with the story of what happened until something went wrong. */
  async rage(): Promise<void> {
    for (const app of apps) for (let n = 0; n < INSTANCES[app]; n++) await this.fleet.start(app);
    const raging = this.storm.rage().finally(() => {
      this.#isOver = true;
    });
    try {
      await Promise.all([raging, this.#look()]);
    } catch (error) {
      throw new Error(`${String(error)}\n\n${this.storm.journal.join('\n')}`, { cause: error });
    }
    await this.fleet.stop();
  }

  report(): string {
    const { counts } = this.storm;
    const { count, p50Ms, maxMs } = this.figures.restores;
    const generations = layers.map((layer) => `${layer} ${this.kafka.generationsOf(`engine-${layer}`)}`);
    const lines = {
      'kills -9 in the middle of work': this.killer.kills.filter(({ hit }) => hit.length > 0).length,
      'membership changes': `${counts.membershipChanges}, of them ${this.fleet.uncleanStops} stops with rows left to the next start`,
      rebalances: generations.join(', '),
      'stopped for longer than a session': counts.freezes,
      'brokers killed': counts.brokerKills,
      'connections cut': counts.connectionsCut,
      'answers swallowed': counts['answer-cut'] + counts['answer-lost'],
      'requests that came late': counts.late,
      're-sent rows trimmed': this.figures.total('trimmed'),
      'EEXIST met': this.figures.total('conflicts'),
      'lanes restored': `${count}, p50 ${p50Ms} ms, max ${maxMs} ms`,
      'longest stall of a lane': this.figures.longestStall,
      'passes of the reader': `${this.watcher.passes}, ${this.watcher.segmentsRead} segments`,
    };
    return Object.entries(lines)
      .map((line) => line.join(': '))
      .join('\n');
  }

  /** The instances have to be dead before, or are killed after this. */
  async close(): Promise<void> {
    this.#isOver = true;
    this.fleet.abandon();
    await this.watcher.stop();
    await this.meter.close();
    await this.kafka.remove();
  }

  async #environmentOf(app: App): Promise<Environment> {
    const env = { ...this.env, DATA_DIR: this.settings.dataDir };
    if (app !== 'producer') return env;
    const speed = this.#pace.speed(await this.#sent()).toFixed(1);
    this.storm.note(`the producer starts with speed ${speed}`);
    return { ...env, FEED: 'file', FEED_FILE: this.file, FEED_SPEED: speed };
  }

  /** None while the broker is away. */
  #sent(): Promise<number> {
    return this.meter.done('producer').catch(() => 0);
  }

  async #look(): Promise<void> {
    while (!this.#isOver) {
      await this.figures.ask(this.fleet.running);
      await this.figures.look(this.meter).catch(() => undefined);
      if (this.#pace.isTooFast(await this.#sent()))
        await Promise.all(this.fleet.awake('producer').map((producer) => producer.kill()));
      await delay(LOOK_MS);
    }
  }
}
