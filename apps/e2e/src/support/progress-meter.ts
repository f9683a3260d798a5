import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedLog } from '@engine/stream/embedded';
import { Duck } from './duck.js';
import { walkTable } from './lake-walk.js';
import type { KnownSegments } from './lake-walk.js';
import type { LakeTable } from './lake-tables.js';
import { recordsIn, STOCK_TICKS } from './log.js';

export type Layer = 'bronze' | 'silver' | 'gold';
export type App = 'producer' | Layer;

/** What a layer reads, and the table that tells how far it has come. */
export const layers: Readonly<Record<Layer, { readonly input: string; readonly table: LakeTable }>> = {
  bronze: { input: STOCK_TICKS, table: 'bronze/events' },
  silver: { input: 'bronze-ticks', table: 'silver/ticks' },
  gold: { input: 'silver-ticks', table: 'gold/bars' },
};

/** A commit takes some ms; waiting longer for nothing does no harm. */
const LOCK_MS = 4_000;

/** Looks from outside at how far each app has come: in log and lake, where a killed app's work is or is not. */
export class ProgressMeter {
  readonly #known: KnownSegments = new Map();

  private constructor(
    private readonly dataDir: string,
    private readonly duck: Duck,
    private readonly log: EmbeddedLog,
  ) {}

  static async open(dataDir: string): Promise<ProgressMeter> {
    return new ProgressMeter(dataDir, await Duck.open(), await EmbeddedLog.open(join(dataDir, 'log')));
  }

  /** Records the producer has sent, or rows that a layer has published. */
  async done(app: App): Promise<number> {
    if (app === 'producer') return recordsIn(this.log, STOCK_TICKS);
    const segments = await this.#segments(app);
    return segments.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Per lane, where a layer's input ends. */
  inputEnds(layer: Layer): Promise<number[]> {
    return this.ends(layers[layer].input);
  }

  /** Per partition, where a topic ends; none where it is not there yet. */
  async ends(topic: string): Promise<number[]> {
    if ((await this.log.describeTopic(topic)) === undefined) return [];
    return (await this.log.offsetRanges(topic)).map(({ end }) => end);
  }

  /** Per lane, up to where a layer has published its input. */
  async published(layer: Layer): Promise<number[]> {
    const ends: number[] = [];
    for (const { lane, next } of await this.#segments(layer)) ends[lane] = next;
    return Array.from(ends, (end: number | undefined) => end ?? 0);
  }

  /**
   * Whether a topic can be written to: a process that stands still in the middle of a commit keeps everybody from it. The
   * topic must have been looked at before: to open it may need the same lock.
   */
  async isWritable(topic: string): Promise<boolean> {
    // Deletes nothing, but has to have the lock to do so.
    const written = this.log.truncate(topic, 0, 0).then(() => true);
    return Promise.race([written, delay(LOCK_MS, false)]);
  }

  /** The lanes in which a layer has published less than these ends of its input. */
  async behind(layer: Layer, inputEnds: readonly number[]): Promise<number[]> {
    const published = await this.published(layer);
    return inputEnds.flatMap((end, lane) => ((published[lane] ?? 0) < end ? [lane] : []));
  }

  async close(): Promise<void> {
    await this.log.close();
    this.duck.close();
  }

  #segments(layer: Layer): ReturnType<typeof walkTable> {
    return walkTable(this.duck, join(this.dataDir, 'lake'), layers[layer].table, this.#known);
  }
}
