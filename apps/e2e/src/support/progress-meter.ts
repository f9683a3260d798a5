import { join } from 'node:path';
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

/** As much of a log as tells how far it goes. */
export type MeteredLog = Pick<EmbeddedLog, 'describeTopic' | 'offsetRanges' | 'close'>;

/** Looks from outside at how far each app has come: in log and lake, where a killed app's work is or is not. */
export class ProgressMeter<L extends MeteredLog = MeteredLog> {
  readonly #known: KnownSegments = new Map();

  private constructor(
    private readonly dataDir: string,
    private readonly duck: Duck,
    readonly log: L,
  ) {}

  static async open(dataDir: string): Promise<ProgressMeter<EmbeddedLog>> {
    return ProgressMeter.over(dataDir, await EmbeddedLog.open(join(dataDir, 'log')));
  }

  /** For a log that is not the folder's own; it is closed with the meter. */
  static async over<L extends MeteredLog>(dataDir: string, log: L): Promise<ProgressMeter<L>> {
    return new ProgressMeter(dataDir, await Duck.open(), log);
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
