import { FileSnapshotStore } from '@engine/lake';
import { SIMULATED_LAKE, SimulatedDisk, SimulatedLake } from '@engine/lake/testing';
import type { MemoryRow } from '@engine/lake/testing';
import { tables } from '@engine/medallion';
import { MemoryLog } from '@engine/stream/testing';

import { closing, figures, input, LANES, quietRun, rules } from './testing/memory-run.contract.js';
import { Life, MemoryPipeline, topics } from './testing.js';

const PARTITIONS = 3;
const AT_ONCE = 80;
/** More of them: `POWER_LOSS_SEEDS=100 npx jest power-loss`. */
const SEEDS = Array.from({ length: Number(process.env['POWER_LOSS_SEEDS'] ?? 2) }, (_, at) => at + 1);

/** A durable log and a disk that is not, and how much of the input has been sent. */
interface Machine {
  readonly log: MemoryLog;
  disk: SimulatedDisk;
  sent: number;
}

async function newMachine(): Promise<Machine> {
  const log = new MemoryLog();
  await MemoryPipeline.ensureTopics(log, LANES, PARTITIONS);
  return { log, disk: new SimulatedDisk(), sent: 0 };
}

/** Runs the pipeline on what is left of the input, until all is done or the power is lost just before the n-th step. */
async function live(machine: Machine, losePowerAt = Infinity): Promise<Life> {
  const life = new Life();
  machine.disk.losePowerAt(losePowerAt, () => {
    life.kill();
  });
  try {
    await work(machine, life);
  } catch (error) {
    // Whatever fails for want of power is no news; anything else is.
    if (!life.isOver) throw error;
  }
  return life;
}

async function work(machine: Machine, life: Life): Promise<void> {
  const { log, disk } = machine;
  const pipeline = await MemoryPipeline.start({
    log,
    lake: new SimulatedLake(disk),
    snapshots: await FileSnapshotStore.create({ folder: SIMULATED_LAKE, files: disk }),
    lanes: LANES,
    rules,
    limits: { maxRows: AT_ONCE, maxMs: 3_600_000 },
    batches: { maxRecords: AT_ONCE, maxBytes: 1e9 },
    life,
  });
  const hasPower = (): boolean => !life.isOver;
  while (machine.sent < input.length && hasPower()) {
    const some = input.slice(machine.sent, machine.sent + AT_ONCE);
    machine.sent += some.length;
    await log.deliver(topics.stockTicks, ...some);
    if (hasPower()) await expire(log, pipeline);
  }
  // What earlier lives left in the log comes before the end, too.
  await log.settled();
  if (hasPower()) await log.deliver(topics.bronzeTicks, ...closing);
  await pipeline.stop();
}

/** What bronze has published need not be in the log any more: retention takes it at the worst of times. */
async function expire(log: MemoryLog, pipeline: MemoryPipeline): Promise<void> {
  for (const { lane, published } of await pipeline.statuses('bronze'))
    log.truncate(topics.stockTicks, lane, published['bronze/events'] ?? 0);
}

async function figuresOn(disk: SimulatedDisk): Promise<unknown> {
  const lake = new SimulatedLake(disk);
  const rows = new Map<string, readonly MemoryRow[]>();
  for (const { name } of tables) rows.set(name, await lake.rows(name, Math.max(LANES, PARTITIONS)));
  return figures({ rows: (table) => rows.get(table) ?? [] });
}

/** mulberry32 */
function drawing(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

let expected: unknown;
let steps: number;
beforeAll(async () => {
  expected = figures((await quietRun()).lake);
  const machine = await newMachine();
  await live(machine);
  steps = machine.disk.steps;
  expect(await figuresOn(machine.disk)).toEqual(expected);
});

it.each(SEEDS)(
  'no-row-lost, no-row-twice: the power lost at every step of the disk, and perhaps again (seed %i)',
  async (seed) => {
    expect(steps).toBeGreaterThan(150);
    for (let step = 1; step <= steps; step++) {
      const draw = drawing(seed * 100_000 + step);
      const machine = await newMachine();
      await live(machine, step);
      machine.disk = machine.disk.afterPowerLoss(draw);
      await live(machine, draw() < 0.5 ? 1 + Math.floor(draw() * steps) : Infinity);
      machine.disk = machine.disk.afterPowerLoss(draw);
      await live(machine);
      const figuresNow = await figuresOn(machine.disk);
      if (JSON.stringify(figuresNow) === JSON.stringify(expected)) continue;
      expect({ seed, step, figures: figuresNow }).toEqual({ seed, step, figures: expected });
    }
  },
  600_000,
);
