import type { EngineMetrics, Readiness, ReadinessCheck } from '@engine/observability';
import type { PipelineObserver } from '@engine/pipeline';
import type { LoggerService } from '@nestjs/common';

/** How long a failure keeps the app from being ready after its last attempt: longer than the longest pause between two. */
const REMEMBER_MS = 10_000;

/** Tells the metrics of the pipeline's work, the log and the readiness of what has to be tried again. */
export class RetryLog implements ReadinessCheck {
  readonly key = 'pipeline';
  readonly observer: PipelineObserver;
  #last: { readonly reason: string; readonly at: number } | undefined;

  constructor(metrics: EngineMetrics, logger: LoggerService) {
    this.observer = {
      restored: metrics.restored.bind(metrics),
      batchProcessed: metrics.batchProcessed.bind(metrics),
      segmentPublished: metrics.segmentPublished.bind(metrics),
      tickEmitted: metrics.tickEmitted.bind(metrics),
      deadLettered: metrics.deadLettered.bind(metrics),
      snapshotUnreadable: (lane, offset, error) => {
        logger.warn(`lane ${lane}: the snapshot at ${offset} is passed over: ${messageOf(error)}`);
      },
      retrying: (what, error, attempt) => {
        const reason = `${what} (attempt ${attempt}): ${messageOf(error)}`;
        this.#last = { reason, at: Date.now() };
        logger.warn(reason);
      },
    };
  }

  check(): Promise<Readiness> {
    const last = this.#last;
    const isRecent = last !== undefined && Date.now() - last.at < REMEMBER_MS;
    return Promise.resolve(isRecent ? { up: false, reason: last.reason } : { up: true });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
