import type { TableBatch, TableSchema } from '@engine/medallion';
import { rowsOf } from './batch-slices.js';
import { schemaText } from './column-sql.js';
import type { Chain, SegmentDraft, SegmentFooter } from './ports.js';

/** Throws where a draft cannot follow on the chain's end, or has rows of another table. */
export function checkDraft(chain: Chain, draft: SegmentDraft): void {
  if (!Number.isSafeInteger(draft.next) || draft.next <= chain.end)
    throw new RangeError(
      `${chain.table.name}/lane=${chain.lane}: a segment from ${chain.end} cannot end at ${draft.next}`,
    );
  for (const batch of draft.batches) checkBatch(chain.table, batch);
}

export function draftFooter(
  table: TableSchema,
  first: number,
  { next, batches, rules, topic, watermark, lanes, through }: SegmentDraft,
  content: string,
): SegmentFooter {
  const schema = schemaText(table.columns);
  return { first, next, rows: rowsOf(batches), content, schema, rules, topic, watermark, lanes, through };
}

function checkBatch(table: TableSchema, batch: TableBatch): void {
  const wanted = Object.entries(table.columns);
  const fits =
    batch.columns.length === wanted.length &&
    wanted.every(([name, type], at) => {
      const column = batch.columns[at];
      return column?.name === name && column.type === type && column.values.length === batch.rows;
    });
  if (!fits) throw new Error(`A batch of ${batch.schema.name} has not the columns of ${table.name}`);
}
