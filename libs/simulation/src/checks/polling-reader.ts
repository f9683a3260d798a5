import type { ChainStore } from '@engine/lake/ports';
import { tables } from '@engine/medallion';
import type { Random } from '@engine/oracle';
import { isRetriable } from '@engine/stream/ports';

import type { LakeWatch } from '../lake/lake-watch.js';
import { LANES } from '../layers/settings.js';
import { SimProcess } from '../machine/sim-process.js';
import { ViolationError } from '../machine/world.js';
import type { World } from '../machine/world.js';

/** Reads chains of the lake while they grow: it must see a beginning of what there is, whole, and never less than before. */
export class PollingReader {
  polls = 0;
  #ends = new Map<string, number>();
  #process = new SimProcess('reader', 1);

  constructor(
    private readonly world: World,
    private readonly parts: { readonly lake: ChainStore; readonly watch: LakeWatch; readonly random: Random },
  ) {}

  begin(everyMs: number, untilMs: number): void {
    const { world } = this;
    if (world.nowMs >= untilMs) return;
    const process = this.#process;
    world.after(this.parts.random.next() * everyMs, null, 'a reader looks', () => {
      if (process.isDead) return;
      world.after(0, process, 'begins to read', () => {
        this.#look();
      });
      this.begin(everyMs, untilMs);
    });
  }

  /** What it saw may be gone after a loss of power, if it was not durable yet. */
  powerLost(): void {
    this.world.kill(this.#process);
    this.#process = new SimProcess('reader', this.#process.life + 1);
    this.#ends = new Map();
  }

  #look(): void {
    const { random } = this.parts;
    const table = random.pick(tables);
    const lane = random.integer(0, LANES - 1);
    void this.#read(table, lane).catch((error: unknown) => {
      if (error instanceof ViolationError) this.world.violated(error);
      else if (!isRetriable(error))
        this.world.violated(
          new ViolationError('reader-never-sees-half', `${table.name}/lane=${lane}: ${String(error)}`),
        );
    });
  }

  async #read(table: (typeof tables)[number], lane: number): Promise<void> {
    const where = `${table.name}/lane=${lane}`;
    const before = this.#ends.get(where) ?? 0;
    const stored = await this.parts.lake.read(table, lane);
    this.polls++;
    if (stored.end < before)
      throw new ViolationError(
        'reader-never-sees-half',
        `${where} ended at ${before} and now at ${stored.end}`,
      );
    this.#ends.set(where, stored.end);
    let rows = 0;
    for await (const some of stored.scan(0, [Object.keys(table.columns)[0]!])) rows += some.rows;
    const there = this.parts.watch.chain(table.name, lane).segments.map(({ footer }) => footer);
    stored.segments.forEach(({ first, next, content }, at) => {
      const real = there[at];
      if (real?.first !== first || real.next !== next || real.content !== content)
        throw new ViolationError(
          'reader-never-sees-half',
          `${where}: segment ${at} was read as [${first}, ${next}), it is [${real?.first}, ${real?.next})`,
        );
    });
    const promised = stored.segments.reduce((sum, footer) => sum + footer.rows, 0);
    if (rows !== promised)
      throw new ViolationError('reader-never-sees-half', `${where}: ${rows} rows were read of ${promised}`);
  }
}
