import type { EngineMetrics, Health, HealthCheck } from '@engine/observability';
import type { PipelineObserver } from '@engine/pipeline';
import type { LoggerService } from '@nestjs/common';

/** How long a failure counts when nothing more is heard of it: longer than the longest pause between two attempts. */
const REMEMBER_MS = 10_000;

interface Trouble {
  readonly reason: string;
  readonly at: number;
}

/** What fails at present and is going to be tried again. Tells the log of it, and the metrics of the pipeline's work. */
export class Troubles implements HealthCheck {
  readonly key = 'pipeline';
  readonly observer: PipelineObserver;
  readonly #current = new Map<string, Trouble>();
  #attempts = 0;
  #unfinished: { readonly what: string; readonly error: unknown }[] = [];

  constructor(
    metrics: EngineMetrics,
    private readonly logger: LoggerService,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {
    this.observer = {
      restored: (lane, seconds) => {
        metrics.restored(lane, seconds);
        logger.log(`lane ${lane}: restored in ${seconds.toFixed(3)} s`);
      },
      batchProcessed: metrics.batchProcessed.bind(metrics),
      segmentPublished: metrics.segmentPublished.bind(metrics),
      segmentRefused: metrics.segmentRefused.bind(metrics),
      rowsTrimmed: metrics.rowsTrimmed.bind(metrics),
      tickEmitted: metrics.tickEmitted.bind(metrics),
      deadLettered: metrics.deadLettered.bind(metrics),
      snapshotUnreadable: (lane, offset, error) => {
        logger.warn(`lane ${lane}: the snapshot at ${offset} is passed over: ${messageOf(error)}`);
      },
      retrying: (what, error, attempt) => {
        this.#attempts++;
        this.#fails(what, error, attempt);
      },
      settled: (what) => this.#current.delete(what),
      // The lane goes on without one: no sign of life of its work.
      snapshotFailed: (lane, error, failures) => {
        this.#fails(snapshotOf(lane), error, failures);
      },
      snapshotWritten: (lane) => this.#current.delete(snapshotOf(lane)),
      unfinished: (what, error) => {
        logger.warn(`${what}: not all rows were published: ${messageOf(error)}`);
        this.#unfinished.push({ what, error });
      },
    };
  }

  /** How many attempts have failed by now: who goes on trying is alive. */
  get attempts(): number {
    return this.#attempts;
  }

  /** The lanes that were given up, since this was asked last, before all their rows were published. */
  takeUnfinished(): readonly { readonly what: string; readonly error: unknown }[] {
    return this.#unfinished.splice(0);
  }

  check(): Promise<Health> {
    const now = this.monotonicMs();
    for (const [what, { at }] of this.#current) if (now - at >= REMEMBER_MS) this.#current.delete(what);
    const reasons = [...this.#current.values()].map(({ reason }) => reason);
    return Promise.resolve(reasons.length === 0 ? { up: true } : { up: false, reason: reasons.join('; ') });
  }

  #fails(what: string, error: unknown, attempt: number): void {
    const reason = `${what} (attempt ${attempt}): ${messageOf(error)}`;
    this.#current.set(what, { reason, at: this.monotonicMs() });
    this.logger.warn(reason);
  }
}

const snapshotOf = (lane: number): string => `snapshot of lane ${lane}`;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
