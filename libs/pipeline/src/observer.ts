/** What the pipeline tells of its own work, for metrics and logs. Every method may be left out. */
export interface PipelineObserver {
  restored?(lane: number, seconds: number): void;
  batchProcessed?(lane: number, seconds: number): void;
  segmentPublished?(table: string, rows: number, seconds: number): void;
  /** The segment's place in the chain was another owner's already: its rows come again from the log. */
  segmentRefused?(table: string): void;
  /** Rows that the layer before has sent again were left out. */
  rowsTrimmed?(lane: number, rows: number): void;
  /** From the record's time in `stock-ticks` until the layer's output was acknowledged, of a batch's last tick. */
  tickEmitted?(seconds: number): void;
  deadLettered?(reason: string): void;
  /** From now on a restart of the lane goes on at this offset of its input. */
  checkpointed?(lane: number, offset: number): void;
  snapshotWritten?(lane: number, seconds: number): void;
  /** A snapshot was passed over for an older one, or for the log's start. */
  snapshotUnreadable?(lane: number, offset: number, error: unknown): void;
  /** Something failed that will be tried again; `attempt` counts from 1. */
  retrying?(what: string, error: unknown, attempt: number): void;
  /** What was tried again has worked, or is not tried any more. */
  settled?(what: string): void;
  /** A snapshot could not be written; the lane goes on without. `failures` counts from 1. */
  snapshotFailed?(lane: number, error: unknown, failures: number): void;
  /** A lane was given up before all its rows were published: they come again from the log. */
  unfinished?(what: string, error: unknown): void;
}
