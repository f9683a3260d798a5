import { Random } from '@engine/oracle';

import { drawLayers, drawTangle } from './draw-layers.js';
import { drawFoci, drawRates, SeededFaults } from './faults/seeded-faults.js';
import { ViolationError } from './machine/world.js';
import { installVirtualTime } from './machine/virtual-time.js';
import { Market } from './market/market.js';
import { Simulation } from './simulation.js';

export interface Outcome {
  readonly seed: number;
  /** undefined: every promise held. */
  readonly violation: ViolationError | undefined;
  readonly faults: ReadonlyMap<string, number>;
  readonly steps: number;
  /** What happened, line by line; the same for the same seed. */
  readonly trace: () => readonly string[];
}

/** One world, drawn from its seed: the same seed is the same world, to the last step. */
export async function runSeed(seed: number): Promise<Outcome> {
  const random = new Random(seed);
  const isTangled = random.chance(0.3);
  const rates = drawRates(random, isTangled ? 0.2 : 1);
  const faults: SeededFaults = new SeededFaults(
    new Random(random.integer(0, 2 ** 32)),
    { rates, foci: isTangled ? drawFoci(random, rates) : [] },
    () => simulation.world.nowMs,
  );
  const simulation = await Simulation.create({
    random: new Random(random.integer(0, 2 ** 32)),
    director: faults,
    partitions: random.integer(1, 3),
    maxRecords: random.pick([3, 12, 40]),
    snapshotMs: random.pick([0, 300, 2_000]),
    restartMs: () => random.integer(20, 4_000),
    ...(isTangled ? drawTangle(random) : drawLayers(random)),
  });
  const restore = installVirtualTime(simulation.world);
  let violation: ViolationError | undefined;
  try {
    await live(simulation, faults, random);
  } catch (error) {
    if (!(error instanceof ViolationError)) throw error;
    violation = error;
  } finally {
    await simulation.cluster.forget();
    restore();
  }
  const { world } = simulation;
  return { seed, violation, faults: faults.counts, steps: world.steps, trace: () => world.trace };
}

async function live(simulation: Simulation, faults: SeededFaults, random: Random): Promise<void> {
  const { world } = simulation;
  const endMs = openMarket(simulation, random);
  disturb(simulation, faults, random, endMs);
  simulation.reader.begin(400, endMs);
  simulation.begin();
  await world.run(endMs);
  world.note('-', 'all faults are over');
  faults.heal();
  await simulation.finish();
}

/** Schedules all records, in bursts and with quiet in between; returns when the last one comes. */
function openMarket(simulation: Simulation, random: Random): number {
  const { world } = simulation;
  const market = new Market(random, simulation.partitions, random.chance(0.3));
  let atMs = 200;
  for (let records = random.integer(30, 90); records > 0; records--) {
    atMs += random.chance(0.04) ? random.integer(1_000, 15_000) : random.next() * 250;
    world.after(atMs, null, 'a record comes', () => {
      simulation.put(market.record(world.nowMs));
    });
  }
  return world.nowMs + atMs;
}

/** What happens to processes by itself or at an operator's hand. */
function disturb(simulation: Simulation, faults: SeededFaults, random: Random, endMs: number): void {
  const { world, cluster } = simulation;
  const stretchMs = endMs - world.nowMs;
  const kinds = ['kill', 'stop', 'cut off', 'late signs of life'] as const;
  for (let count = random.integer(0, 6); count > 0; count--) {
    const kind = random.pick(kinds);
    world.after(random.next() * stretchMs, null, `an operator: ${kind}`, () => {
      const { name, process } = random.pick(cluster.slots);
      if (process === undefined) return;
      faults.count(kind);
      world.note(process.name, `  ${kind}`);
      if (kind === 'kill') world.kill(process);
      else if (kind === 'stop') cluster.stop(name, random.integer(10, 5_000));
      else if (kind === 'cut off') simulation.log.groups.cutOff(process, random.integer(100, 8_000));
      else simulation.log.groups.flicker(process, 40, () => random.next() * 100);
    });
  }
}
