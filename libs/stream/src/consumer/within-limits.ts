import type { LogRecord, ReadLimits } from '../ports.js';
import { sizeOf } from './size-of.js';

/** The first of the records, as many as the limits let pass, but one at least. */
export function withinLimits(
  records: readonly LogRecord[],
  { maxRecords, maxBytes }: ReadLimits,
): readonly LogRecord[] {
  let bytes = 0;
  const tooMany = records.findIndex((record, i) => {
    bytes += sizeOf(record);
    return i > 0 && (i >= maxRecords || bytes > maxBytes);
  });
  return tooMany < 0 ? records : records.slice(0, tooMany);
}
