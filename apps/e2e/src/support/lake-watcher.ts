import { join } from 'node:path';
import { contentsOf } from '../checks/content.js';
import { Duck } from './duck.js';
import { lakeTableNames } from './lake-tables.js';
import type { LakeTable } from './lake-tables.js';
import { isCompacted, walkTable } from './lake-walk.js';
import type { KnownSegments, Segment } from './lake-walk.js';

/** The rows of a chain up to an input offset: how many, and the sum of their hashes. */
interface Sum {
  readonly rows: number;
  readonly content: bigint;
}

/**
 * A reader that lists and reads the lake again and again while it is written. It keeps what it has seen of each chain, sum
 * by sum, and says so when a file cannot be read, is not what its footer says, or when something is missing or different that
 * was there before. So all it ever saw is the beginning of what there is in the end: where no row is twice in the end, it
 * never saw one twice.
 */
export class LakeWatcher {
  readonly problems: string[] = [];
  passes = 0;
  segmentsRead = 0;
  #isStopping = false;
  #watching: Promise<void> = Promise.resolve();
  readonly #known: KnownSegments = new Map();
  readonly #whole = new Set<string>();
  readonly #seen = new Map<string, Map<number, Sum>>();

  private constructor(
    private readonly duck: Duck,
    private readonly lakeDir: string,
  ) {}

  static async start(dataDir: string): Promise<LakeWatcher> {
    const watcher = new LakeWatcher(await Duck.open(), join(dataDir, 'lake'));
    watcher.#watching = watcher.#watch();
    return watcher;
  }

  /** Looks once more at all there is, with nothing taken on trust, and ends. */
  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    await this.#watching;
    this.#known.clear();
    this.#whole.clear();
    await this.#pass();
    this.duck.close();
  }

  /** Rests as long as it has looked: what it watches needs the processors too. */
  async #watch(): Promise<void> {
    while (!this.#isStopping) {
      const began = performance.now();
      await this.#pass();
      await new Promise((next) => setTimeout(next, performance.now() - began));
    }
  }

  async #pass(): Promise<void> {
    for (const table of lakeTableNames) {
      try {
        await this.#look(table);
      } catch (error) {
        this.problems.push(`${table}: ${String(error)}`);
      }
    }
    this.passes++;
  }

  async #look(table: LakeTable): Promise<void> {
    const segments = await walkTable(this.duck, this.lakeDir, table, this.#known);
    await this.#readNew(segments);
    for (const lane of new Set(segments.map((segment) => segment.lane)))
      this.#compare(
        `${table}/lane=${lane}`,
        segments.filter((segment) => segment.lane === lane),
      );
    for (const chain of this.#seen.keys())
      if (chain.startsWith(`${table}/`) && !segments.some(({ lane }) => chain === `${table}/lane=${lane}`))
        this.problems.push(`${chain}: all that was there is gone`);
  }

  /** Reads each row of the files that were not there before. */
  async #readNew(segments: readonly Segment[]): Promise<void> {
    const files = segments.filter(({ file }) => !this.#whole.has(file));
    const contents = await contentsOf(
      this.duck,
      files.map(({ file }) => file),
    );
    for (const { file, rows, content } of files) {
      const found = contents.get(file);
      if (found?.rows !== rows || found.content !== content)
        this.problems.push(`${file}: ${JSON.stringify(found)}, its footer says ${rows} rows, ${content}`);
      this.#whole.add(file);
      this.segmentsRead++;
    }
  }

  /** A chain only grows: at every offset where a segment ended before, the same rows lie below it as did then. */
  #compare(chain: string, segments: readonly Segment[]): void {
    const seen = this.#seen.get(chain) ?? new Map<number, Sum>();
    const sums = sumsOf(segments);
    const end = segments.at(-1)?.next ?? 0;
    const before = Math.max(0, ...seen.keys());
    if (end < before) this.problems.push(`${chain}: ends at ${end}, it had ended at ${before}`);
    for (const [next, sum] of seen) {
      const now = sums.get(next);
      if (now?.rows === sum.rows && now.content === sum.content) continue;
      if (now === undefined && segments.some((segment) => isCompactedOver(segment, next))) continue;
      this.problems.push(`${chain}: up to ${next} there were ${told(sum)}, now ${told(now)}`);
    }
    this.#seen.set(chain, sums);
  }
}

function sumsOf(segments: readonly Segment[]): Map<number, Sum> {
  const sums = new Map<number, Sum>();
  let sum: Sum = { rows: 0, content: 0n };
  for (const { next, rows, content } of segments) {
    sum = { rows: sum.rows + rows, content: (sum.content + BigInt(content)) % 2n ** 64n };
    sums.set(next, sum);
  }
  return sums;
}

const isCompactedOver = ({ file, first, next }: Segment, offset: number): boolean =>
  isCompacted(file) && first < offset && offset < next;

const told = (sum: Sum | undefined): string =>
  sum === undefined ? 'no end of a segment' : `${sum.rows} rows, ${sum.content}`;
