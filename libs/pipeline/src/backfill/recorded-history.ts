import type { ScannedRows } from '@engine/lake/ports';

import type { LaneHistory, SilverHistory, StoredStretch } from '../silver-history.js';

/** The recorded order of silver's lane, with bronze's values. */
export class RecordedHistory implements LaneHistory {
  constructor(
    private readonly stored: SilverHistory,
    /** Puts bronze's values in the place of silver's copies; called with all rows, in their order. */
    private readonly withBronzesValues: (rows: ScannedRows) => Promise<ScannedRows>,
  ) {}

  get start(): number {
    return this.stored.start;
  }

  get end(): number {
    return this.stored.end;
  }

  /** Whoever has decided it: it is decided anew. */
  decidedByOthers(): undefined {
    return undefined;
  }

  async *stretches(from: number): AsyncGenerator<StoredStretch, void> {
    for await (const stretch of this.stored.stretches(from))
      yield stretch.kind === 'marker'
        ? stretch
        : { kind: 'ticks', rows: await this.withBronzesValues(stretch.rows) };
  }
}
