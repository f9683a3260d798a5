import { FileSnapshotStore } from '@engine/lake';
import type { UpkeepRules } from '@engine/lake';
import { SIMULATED_LAKE, SimulatedDisk, SimulatedLake } from '@engine/lake/testing';
import { tables } from '@engine/medallion';
import type { LayerName } from '@engine/medallion';
import type { Random } from '@engine/oracle';

import { checkFinalState } from './checks/final-state.js';
import { LogWatch } from './checks/log-watch.js';
import { PollingReader } from './checks/polling-reader.js';
import type { Director } from './faults/director.js';
import { LakeWatch } from './lake/lake-watch.js';
import { WatchedLake } from './lake/watched-lake.js';
import { WorldFiles } from './lake/world-files.js';
import { Cluster } from './layers/cluster.js';
import type { Upkeep } from './layers/lane-tending.js';
import { LANES, topics } from './layers/settings.js';
import type { StrayPlan } from './layers/stray-tender.js';
import { WorldLog } from './log/world-log.js';
import { ViolationError, World } from './machine/world.js';
import type { MarketRecord } from './market/market.js';

/** What a world is made of. */
export interface WorldPlan {
  readonly random: Random;
  readonly director: Director;
  readonly partitions: number;
  /** Of each layer. */
  readonly instances: number;
  /** Of a batch. */
  readonly maxRecords: number;
  readonly limits: { readonly maxRows: number; readonly maxMs: number };
  readonly snapshotMs: number;
  readonly restartMs: () => number;
  /** Compaction and retention; null: none. */
  readonly upkeep: Omit<Upkeep, 'goesOn'> | null;
  /** Who looks after a chain that is not theirs. */
  readonly stray?: StrayPlan & { readonly tenders: number };
}

/** Removes what it may, at once. */
const TIDYING: UpkeepRules = { compaction: null, retentionMs: null, graceMs: 0 };

const LAYERS: readonly LayerName[] = ['bronze', 'silver', 'gold'];

/** The whole pipeline in one world, with those who watch it. */
export class Simulation {
  readonly world: World;
  readonly log: WorldLog;
  readonly cluster: Cluster;
  readonly lakeWatch: LakeWatch;
  readonly reader: PollingReader;
  readonly #watch = new LogWatch();
  readonly #files: WorldFiles;
  readonly #lake: SimulatedLake;
  #isQuiet = false;

  private constructor(
    private readonly plan: WorldPlan,
    world: World,
    files: WorldFiles,
    lakeWatch: LakeWatch,
    snapshots: FileSnapshotStore,
  ) {
    this.world = world;
    this.lakeWatch = lakeWatch;
    this.#files = files;
    this.log = new WorldLog(world, (topic, record) => {
      this.#watch.appended(topic, record);
    });
    const lake = (this.#lake = new SimulatedLake(files));
    const upkeep = plan.upkeep && { ...plan.upkeep, goesOn: () => !this.#isQuiet };
    const parts = {
      ...plan,
      log: this.log,
      lake: new WatchedLake(lake, lakeWatch),
      tended: lake,
      snapshots,
      upkeep,
    };
    this.cluster = new Cluster(world, parts, plan.restartMs);
    const graceMs = upkeep?.graceMs ?? Infinity;
    this.reader = new PollingReader(world, { lake, watch: lakeWatch, random: plan.random, graceMs });
    world.accidents = {
      died: (process) => {
        this.cluster.died(process);
        this.log.groups.died(process);
      },
      paused: (process) => {
        this.log.groups.paused(process);
      },
      powerLost: (loses) => this.#powerLost(loses),
    };
  }

  /** Of `stock-ticks`. */
  get partitions(): number {
    return this.plan.partitions;
  }

  static async create(plan: WorldPlan): Promise<Simulation> {
    const world = new World(plan.director);
    const lakeWatch: LakeWatch = new LakeWatch(
      () => files.disk,
      (violation) => {
        world.violated(violation);
      },
    );
    const disk = new SimulatedDisk();
    disk.now = () => Math.floor(world.nowMs);
    const files = new WorldFiles(world, disk, lakeWatch);
    const snapshots = await FileSnapshotStore.create({ folder: SIMULATED_LAKE, files });
    const simulation = new Simulation(plan, world, files, lakeWatch, snapshots);
    for (const name of Object.values<string>({ ...topics }))
      await simulation.log.ensureTopic({
        name,
        partitions: name === topics.stockTicks ? plan.partitions : LANES,
      });
    return simulation;
  }

  /** Starts all instances of all layers. */
  begin(): void {
    for (const layer of LAYERS)
      for (let one = 1; one <= this.plan.instances; one++) this.cluster.add(layer, `${layer}-${one}`);
    const { random, stray } = this.plan;
    for (let one = 1; one <= (stray?.tenders ?? 0); one++)
      this.cluster.addStrayTender(`stray-${one}`, stray!, random);
  }

  /** Somebody else writes to `stock-ticks`. */
  put(record: MarketRecord): void {
    const offset = this.log.topic(topics.stockTicks).end(record.partition);
    this.log.append(topics.stockTicks, [record]);
    this.#watch.sent(record, offset, Math.floor(this.world.nowMs));
  }

  /** Lets the world come to rest and all come to their end, and checks everything. */
  async finish(): Promise<void> {
    this.#isQuiet = true;
    await this.world.run();
    const closed = this.#firstRevisions();
    this.cluster.closeWindows();
    await this.world.run();
    const left = this.#firstRevisions() - closed;
    if (left > 0)
      throw new ViolationError(
        'progress',
        `${left} windows and bars were open although the market was quiet`,
      );
    await this.#stop();
    await this.#check();
  }

  /** Windows and bars that were ever published. */
  #firstRevisions(): number {
    const rows = ['silver/windows', 'gold/bars'].flatMap((table) => this.lakeWatch.allRows(table));
    return rows.filter(({ revision }) => revision === 0).length;
  }

  /** Layer after layer. */
  async #stop(): Promise<void> {
    for (const layer of LAYERS) {
      for (const slot of this.cluster.slots) if (slot.layer === layer) this.cluster.stop(slot.name);
      await this.world.run();
    }
  }

  /** All have stopped: what they left must outlive the machine, and be what it should. */
  async #check(): Promise<void> {
    await this.#tidyUp();
    await this.#powerLost(null);
    checkFinalState({ lake: this.lakeWatch, log: this.log, watch: this.#watch });
  }

  async #tidyUp(): Promise<void> {
    for (const table of tables)
      for (let lane = 0; lane < Math.max(LANES, this.partitions); lane++)
        await this.#lake.upkeep(table, lane, TIDYING).tend();
    this.lakeWatch.checkTidy();
  }

  async #powerLost(loses: RegExp | null): Promise<void> {
    this.cluster.killAll();
    this.reader.powerLost();
    this.#files.disk = this.#files.disk.afterPowerLoss(() => this.plan.random.next());
    const lost = loses === null ? undefined : this.lakeWatch.lastSegment(loses, this.plan.random);
    if (lost !== undefined) {
      this.world.note('-', `  ${lost.path} is gone`);
      await this.#files.disk.unlink(lost.path);
      await this.#files.disk.syncFolder(lost.folder);
    }
    await this.lakeWatch.powerLost(lost?.folder);
  }
}
