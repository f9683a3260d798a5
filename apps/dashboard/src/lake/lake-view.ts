import { LakeReader } from '@engine/lake';
import type { SegmentFooter, SelectParameter } from '@engine/lake';
import type { Health, HealthCheck } from '@engine/observability';
import { Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../clock.js';
import { LiveGold } from '../live/live-gold.js';
import { LiveTicks } from '../ticks/live-ticks.js';

/** For how long a listing of the lake counts as fresh. Nobody lists it while nobody asks. */
const FRESH_MS = 1000;

export type Row = Readonly<Record<string, unknown>>;

/** The lake as it was a moment ago. What it holds is let go of by `LiveGold` and `LiveTicks`. */
@Injectable()
export class LakeView implements HealthCheck, OnApplicationShutdown {
  readonly key = 'lake';
  #listedAt = -Infinity;
  #listing: Promise<void> | undefined;
  readonly #queries = new Set<Promise<unknown>>();

  constructor(
    private readonly reader: LakeReader,
    private readonly gold: LiveGold,
    private readonly ticks: LiveTicks,
    private readonly clock: Clock,
  ) {}

  /** Lists the lake anew unless that was done a moment ago. */
  async freshen(): Promise<void> {
    if (this.clock.monotonicMs() - this.#listedAt < FRESH_MS) return;
    this.#listing ??= this.#list().finally(() => (this.#listing = undefined));
    await this.#listing;
  }

  /** Rows of our own SQL over the views, as of the last `freshen`. */
  async query(sql: string, parameters: readonly SelectParameter[] = []): Promise<readonly Row[]> {
    const query = this.reader.query(sql, parameters);
    this.#queries.add(query);
    try {
      return await query;
    } finally {
      this.#queries.delete(query);
    }
  }

  /** By lane: where the table's chain ends. */
  chainEnds(table: string): ReadonlyMap<number, number> {
    return this.reader.chainEnds(table);
  }

  /** By lane. */
  lastFooters(table: string): ReadonlyMap<number, SegmentFooter> {
    return this.reader.lastFooters(table);
  }

  /** Lane by lane, each in the order of its chain. */
  files(table: string): readonly string[] {
    return this.reader.files(table);
  }

  async check(): Promise<Health> {
    await this.freshen();
    return { up: true };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([this.#listing, ...this.#queries]);
    this.reader.close();
  }

  async #list(): Promise<void> {
    await this.reader.refresh();
    this.#listedAt = this.clock.monotonicMs();
    const watermarks = [...this.reader.lastFooters('gold/bars')].map(
      ([lane, { watermark }]) => [lane, watermark ?? -Infinity] as const,
    );
    this.gold.forgetPublished(new Map(watermarks));
    this.ticks.forgetPublished(this.reader.chainEnds('silver/ticks'));
  }
}
