import { setTimeout } from 'node:timers/promises';
import type { LakeUpkeep, UpkeepReport } from '@engine/lake';

/** Who is told of the chains of our lanes. */
export interface UpkeepObserver {
  tended(table: string, lane: number, report: UpkeepReport): void;
  failed(table: string, lane: number, error: unknown): void;
  released(table: string, lane: number): void;
}

/**
 * At most a quarter of a core: after a compaction it rests for three times as long as it worked. On a busy machine most of the
 * time it takes is spent waiting, which is no work: it must not fall behind for that.
 */
const REST = 3;

/** So often one chain may be compacted before it is another one's turn. */
const AT_ONCE = 4;

/**
 * Compaction and retention of a layer's tables in the lanes that are ours, one chain after the other, in the background. A
 * lane that is given up is let alone at once: what was begun counts for nothing, whoever has it next begins again.
 */
export class LaneUpkeep {
  readonly #lanes = new Set<number>();
  readonly #closing = new AbortController();
  #tending: { readonly lane: number; readonly done: Promise<unknown> } | undefined;
  #running: Promise<void> | undefined;

  constructor(
    private readonly lake: Pick<LakeUpkeep, 'tables' | 'tend' | 'interrupt' | 'close'>,
    private readonly everyMs: number,
    private readonly observer: UpkeepObserver,
  ) {}

  own(lanes: readonly number[]): void {
    for (const lane of lanes) this.#lanes.add(lane);
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is done in these lanes any more. */
  async release(lanes: readonly number[]): Promise<void> {
    for (const lane of lanes) {
      if (!this.#lanes.delete(lane)) continue;
      if (this.#tending?.lane === lane) {
        this.lake.interrupt();
        await this.#tending.done;
      }
      for (const { name } of this.lake.tables) this.observer.released(name, lane);
    }
  }

  async releaseAll(): Promise<void> {
    await this.release([...this.#lanes]);
  }

  async close(): Promise<void> {
    await this.releaseAll();
    this.#closing.abort();
    await this.#running;
    this.lake.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      // First of all: at a start everything else is more urgent.
      await rest(this.everyMs, signal);
      if (signal.aborted) return;
      for (const lane of [...this.#lanes])
        for (const table of this.lake.tables) await this.#tendThrough(table, lane);
    }
  }

  /** What was compacted may be enough for the level above. */
  async #tendThrough(table: LakeUpkeep['tables'][number], lane: number): Promise<void> {
    for (let times = 0; times < AT_ONCE; times++) if (!(await this.#tend(table, lane))) return;
  }

  /** Whether something was compacted. */
  async #tend(table: LakeUpkeep['tables'][number], lane: number): Promise<boolean> {
    if (!this.#lanes.has(lane)) return false;
    const worked = stopwatch();
    const done = this.lake.tend(table, lane).then(
      (report) => {
        this.observer.tended(table.name, lane, report);
        return report.compaction === undefined ? 'idle' : 'compacted';
      },
      (error: unknown) => {
        if (this.#lanes.has(lane)) this.observer.failed(table.name, lane, error);
        return 'failed';
      },
    );
    this.#tending = { lane, done };
    const outcome = await done;
    this.#tending = undefined;
    if (outcome !== 'idle') await rest(REST * worked(), this.#closing.signal);
    return outcome === 'compacted';
  }
}

/** How long was worked since, in ms: of the time that has gone by as much as the process had of a processor. */
function stopwatch(): () => number {
  const [started, used] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(used);
    return Math.min(performance.now() - started, (user + system) / 1000);
  };
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
