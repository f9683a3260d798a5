import { LakeIoError } from '@engine/lake';
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
  /** Where each chain started and ended, by what was seen of it. */
  #seen = new Map<string, { readonly start: number; readonly end: number }>();
  #process = new SimProcess('reader', 1);

  constructor(
    private readonly world: World,
    private readonly parts: {
      readonly lake: ChainStore;
      readonly watch: LakeWatch;
      readonly random: Random;
      /** So long files stay that no walk comes to any more. */
      readonly graceMs: number;
    },
  ) {}

  begin(everyMs: number, untilMs: number): void {
    const { world } = this;
    if (world.nowMs >= untilMs) return;
    world.after(this.parts.random.next() * everyMs, null, 'a reader looks', () => {
      world.after(0, this.#process, 'begins to read', () => {
        this.#look();
      });
      this.begin(everyMs, untilMs);
    });
  }

  /** What it saw may be gone after a loss of power, if it was not durable yet. */
  powerLost(): void {
    this.world.kill(this.#process);
    this.#process = new SimProcess('reader', this.#process.life + 1);
    this.#seen = new Map();
  }

  #look(): void {
    const { random } = this.parts;
    const table = random.pick(tables);
    const lane = random.integer(0, LANES - 1);
    const beganMs = this.world.nowMs;
    // Who takes longer than the grace may find gone what it has listed, or find less from the start: nothing is promised to it.
    const isInTime = (): boolean => this.world.nowMs - beganMs < this.parts.graceMs;
    void this.#read(table, lane, isInTime).catch((error: unknown) => {
      if (error instanceof ViolationError) this.world.violated(error);
      else if (isGone(error) ? isInTime() : !isRetriable(error))
        this.world.violated(
          new ViolationError('reader-never-sees-half', `${table.name}/lane=${lane}: ${String(error)}`),
        );
    });
  }

  async #read(table: (typeof tables)[number], lane: number, isInTime: () => boolean): Promise<void> {
    const where = `${table.name}/lane=${lane}`;
    const before = this.#seen.get(where) ?? { start: 0, end: 0 };
    const { durableEnd } = this.parts.watch.chain(table.name, lane);
    const stored = await this.parts.lake.read(table, lane);
    if (!isInTime()) return;
    const { start, end, segments } = stored;
    this.polls++;
    if (end < before.end || start < before.start)
      throw new ViolationError(
        'reader-never-sees-half',
        `${where} went from ${before.start} to ${before.end}, and now from ${start} to ${end}`,
      );
    if (end < durableEnd)
      throw new ViolationError(
        'reader-never-sees-half',
        `${where} was published up to ${durableEnd} before it was read, and seen up to ${end}`,
      );
    this.#seen.set(where, { start, end });
    if (this.parts.random.chance(0.3)) await this.#dawdle();
    let rows = 0;
    for await (const some of stored.scan(0, [Object.keys(table.columns)[0]!])) rows += some.rows;
    const real = this.parts.watch.chain(table.name, lane);
    let at = start;
    for (const footer of segments) {
      if (footer.first !== at || !real.holds(footer))
        throw new ViolationError(
          'reader-never-sees-half',
          `${where}: [${footer.first}, ${footer.next}) was read at ${at}, and is not what was published`,
        );
      at = footer.next;
    }
    const promised = segments.reduce((sum, footer) => sum + footer.rows, 0);
    if (rows !== promised)
      throw new ViolationError('reader-never-sees-half', `${where}: ${rows} rows were read of ${promised}`);
  }

  /** Not for so long that nothing would be promised any more. */
  #dawdle(): Promise<void> {
    const { random, graceMs } = this.parts;
    const ms = random.next() * Math.min(graceMs, 2_000) * 0.9;
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}

const isGone = (error: unknown): boolean => error instanceof LakeIoError && error.code === 'ENOENT';
