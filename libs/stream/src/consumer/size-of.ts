import type { LogRecord } from '../ports.js';

/** Bytes of a record as limits count them: key and value. */
export function sizeOf(record: LogRecord): number {
  return (record.key?.length ?? 0) + (record.value?.length ?? 0);
}
