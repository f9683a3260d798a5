import type { ChainUpkeep, SimulatedLake } from '@engine/lake/testing';
import type { TableSchema } from '@engine/medallion';
import type { Random } from '@engine/oracle';

import type { Upkeep } from './lane-tending.js';

/** Which chain, and how often at the least. */
export interface StrayPlan {
  readonly table: TableSchema;
  readonly lane: number;
  readonly everyMs: number;
}

interface StrayParts {
  readonly lake: SimulatedLake;
  readonly upkeep: Upkeep;
  readonly random: Random;
}

/** Looks after a chain as if it were its own: an owner that was given up, and never learns of it. */
export class StrayTender {
  readonly #chain: ChainUpkeep;
  #tending: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor(
    private readonly plan: StrayPlan,
    private readonly parts: StrayParts,
  ) {
    const { lake, upkeep } = parts;
    this.#chain = lake.upkeep(plan.table, plan.lane, upkeep.rules());
  }

  async run(): Promise<void> {
    const { upkeep, random } = this.parts;
    while (!this.#isStopped && upkeep.goesOn()) {
      this.#tending = this.#chain.tend().catch(() => undefined);
      await this.#tending;
      await new Promise((resolve) => setTimeout(resolve, random.next() * this.plan.everyMs));
    }
  }

  closeWindows(): Promise<void> {
    return Promise.resolve();
  }

  abandon(): void {
    this.#isStopped = true;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#tending;
  }
}
