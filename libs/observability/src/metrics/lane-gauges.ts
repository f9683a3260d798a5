import type { LaneStatus } from '@engine/contracts';
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { LaneStatusSource } from '../lane-status-source.js';

const US_PER_SECOND = 1_000_000;

/** What a lane's status says, filled when somebody scrapes and never in between. */
export class LaneGauges {
  source: LaneStatusSource | undefined;
  readonly #records: Counter;
  readonly #inputEnd: Gauge;
  readonly #position: Gauge;
  readonly #lag: Gauge;
  readonly #watermark: Gauge;
  readonly #symbols: Gauge;
  readonly #failures: Counter;

  constructor(
    registry: Registry,
    private readonly layer: string,
  ) {
    const registers = [registry];
    const gauge = (name: string, help: string): Gauge =>
      new Gauge({ name, help, labelNames: ['layer', 'lane'], registers });
    this.#records = new Counter({
      name: 'engine_records_total',
      help: 'Ticks by verdict: records in = accepted + each kind of refused',
      labelNames: ['layer', 'lane', 'verdict'],
      registers,
    });
    this.#inputEnd = gauge('engine_input_end_offset', "Offset at which the lane's input ends");
    this.#position = gauge('engine_position_offset', 'Records below this offset have been processed');
    this.#lag = gauge('engine_lag_records', 'Records of the lane that wait to be processed');
    this.#watermark = gauge('engine_watermark_seconds', "The lane's clock, seconds since the epoch");
    this.#symbols = gauge('engine_state_symbols', "Symbols in the lane's state");
    this.#failures = new Counter({
      name: 'engine_lane_status_failures_total',
      help: 'Scrapes at which the lanes could not be asked',
      labelNames: ['layer'],
      registers,
    });
  }

  /** Takes what the source says now; lanes that are no longer ours disappear, as all do when it cannot say. */
  async fill(): Promise<void> {
    const lanes = await this.#ask();
    this.#reset();
    for (const lane of lanes) this.#set(lane);
  }

  async #ask(): Promise<readonly LaneStatus[]> {
    try {
      return (await this.source?.lanes()) ?? [];
    } catch {
      this.#failures.inc({ layer: this.layer });
      return [];
    }
  }

  #reset(): void {
    const filled = [this.#records, this.#inputEnd, this.#position, this.#lag, this.#watermark, this.#symbols];
    for (const metric of filled) metric.reset();
  }

  #set(status: LaneStatus): void {
    const labels = { layer: this.layer, lane: String(status.lane) };
    this.#inputEnd.set(labels, status.inputEnd);
    this.#position.set(labels, status.position);
    this.#lag.set(labels, Math.max(0, status.inputEnd - status.position));
    this.#symbols.set(labels, status.symbols);
    if (status.watermarkUs !== null) this.#watermark.set(labels, status.watermarkUs / US_PER_SECOND);
    for (const [verdict, count] of Object.entries(status.verdicts))
      this.#records.inc({ ...labels, verdict }, count);
  }
}
