import type { BronzeMessage, LaneRecord, TableBatch } from '@engine/medallion';
import { silverTicks } from '@engine/medallion';

import type { LanePast } from './lane-io.js';
import { HistoryDiffersError } from './recovery-errors.js';
import type { StoredStretch } from './silver-history.js';

/** Silver's input is the lane that the lake keeps: a chain's end says by itself what it holds. */
export const silverPast: LanePast<BronzeMessage> = {
  hasSilverOffsets: true,
  storedTo: ({ end }) => (end === 0 ? null : { offset: end - 1, index: Number.MAX_SAFE_INTEGER }),
  split: (record: LaneRecord<BronzeMessage>, mark) =>
    record.offset <= mark.offset ? { upTo: record, above: null } : { upTo: null, above: record },
  resumeAt: (_log, _lane, end) => Promise.resolve(end),
  checkRecalled,
};

/** The verdicts are enough: whatever else is wrong with the state ends in one of them. `engine verify` compares all. */
function checkRecalled(stretch: StoredStretch, tables: readonly TableBatch[], lane: number): void {
  if (stretch.kind === 'marker') return;
  const stored = stretch.rows.texts('verdict');
  const again = tables
    .filter(({ schema }) => schema.name === silverTicks.name)
    .flatMap((batch) => batch.columns.find(({ name }) => name === 'verdict')?.values as readonly string[]);
  const row = stored.findIndex((verdict, at) => verdict !== again[at]);
  if (row < 0) return;
  const offset = stretch.rows.numbers('lane_offset')[row]!;
  const index = stretch.rows.numbers('lane_index')[row]!;
  throw new HistoryDiffersError(
    `silver/ticks/lane=${lane}, lane_offset ${offset}, lane_index ${index}`,
    stored[row] ?? 'nothing',
    again[row] ?? 'nothing',
  );
}
