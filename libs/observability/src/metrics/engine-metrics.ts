import { Counter, Histogram, Registry } from 'prom-client';
import type { LaneStatusSource } from '../lane-status-source.js';
import { LakeMetrics } from './lake-metrics.js';
import { LaneGauges } from './lane-gauges.js';
import { collectProcessMetrics } from './process-metrics.js';

const WORK_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LATENCY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120];

/**
 * All metrics of one app, in a registry of its own. `layer` is the label that tells the apps apart. Its methods are those
 * of the pipeline's observer, so it can be handed to a runner as it is.
 */
export class EngineMetrics {
  readonly registry = new Registry();
  readonly lake: LakeMetrics;
  readonly #batches: Histogram;
  readonly #publishing: Histogram;
  readonly #latency: Histogram;
  readonly #restoring: Histogram;
  readonly #segments: Counter;
  readonly #refusedSegments: Counter;
  readonly #trimmedRows: Counter;
  readonly #deadLetters: Counter;
  readonly #lanes: LaneGauges;

  constructor(readonly layer: string) {
    collectProcessMetrics(this.registry);
    const seconds = (name: string, help: string, labelNames: string[], buckets = WORK_SECONDS): Histogram =>
      new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
    const total = (name: string, help: string, labelNames: string[]): Counter =>
      new Counter({ name, help, labelNames, registers: [this.registry] });
    this.#batches = seconds('engine_batch_seconds', 'Processing one batch of input records', ['layer']);
    this.#publishing = seconds('engine_publish_seconds', 'Publishing one segment', ['layer', 'table']);
    this.#restoring = seconds('engine_restore_seconds', 'Restoring the state of one lane', ['layer']);
    this.#latency = seconds(
      'engine_tick_latency_seconds',
      'From the record time in stock-ticks to the acknowledged output of the stage',
      ['stage'],
      LATENCY_SECONDS,
    );
    this.#segments = total('engine_segments_total', 'Segments published', ['layer', 'table']);
    this.#refusedSegments = total(
      'engine_segment_conflicts_total',
      "Segments whose place in the chain was another owner's already",
      ['layer', 'table'],
    );
    this.#trimmedRows = total(
      'engine_trimmed_rows_total',
      'Rows that the layer before has sent again, left out',
      ['layer'],
    );
    this.#deadLetters = total('engine_dead_letters_total', 'Records announced on dead-letters', [
      'layer',
      'reason',
    ]);
    this.#lanes = new LaneGauges(this.registry, layer);
    this.lake = new LakeMetrics(this.registry, layer);
  }

  restored(_lane: number, seconds: number): void {
    this.#restoring.observe({ layer: this.layer }, seconds);
  }

  batchProcessed(_lane: number, seconds: number): void {
    this.#batches.observe({ layer: this.layer }, seconds);
  }

  segmentPublished(table: string, _rows: number, seconds: number): void {
    this.#publishing.observe({ layer: this.layer, table }, seconds);
    this.#segments.inc({ layer: this.layer, table });
  }

  segmentRefused(table: string): void {
    this.#refusedSegments.inc({ layer: this.layer, table });
  }

  rowsTrimmed(_lane: number, rows: number): void {
    this.#trimmedRows.inc({ layer: this.layer }, rows);
  }

  tickEmitted(seconds: number): void {
    this.#latency.observe({ stage: this.layer }, seconds);
  }

  deadLettered(reason: string): void {
    this.#deadLetters.inc({ layer: this.layer, reason });
  }

  /** Asks the source at every scrape from now on. */
  watchLanes(source: LaneStatusSource): void {
    this.#lanes.source = source;
  }

  /** The Prometheus text, and its content type. */
  async scrape(): Promise<{ readonly contentType: string; readonly text: string }> {
    await this.#lanes.fill();
    return { contentType: this.registry.contentType, text: await this.registry.metrics() };
  }
}
