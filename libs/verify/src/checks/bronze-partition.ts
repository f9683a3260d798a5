import { completeRecords } from '@engine/lake';
import type { ScannedRows } from '@engine/lake';
import { BASE64_PREFIX, bronzeEvents, decodeRows, rawBytes } from '@engine/medallion';
import type { RawRecord, TableBatch } from '@engine/medallion';
import { damage } from '../finding.js';
import type { Finding } from '../finding.js';
import type { LedgerLine } from '../ledger.js';
import { UNKNOWN_WRITER } from '../remedies.js';
import { BronzePartitionRows } from './bronze-rows.js';
import { PlainMessages } from './plain-messages.js';
import { describeDifference, firstDifference } from '../rows/first-difference.js';
import { fileOfOffset } from '../rows/segment-of.js';
import type { VerifyContext } from '../verify-context.js';

/** All but the record's key: nothing is decided by it. */
const COLUMNS = Object.keys(bronzeEvents.columns).filter((name) => name !== 'key');

/** Every record is there once, and the decoder makes of its raw value what is stored. Counts the rows into the ledger. */
export async function* bronzePartition(
  context: VerifyContext,
  lane: number,
  ledger: LedgerLine[],
): AsyncGenerator<Finding> {
  const chain = context.chain(bronzeEvents, lane);
  if (chain === undefined) return;
  const segments = context.readable(bronzeEvents, lane);
  const rows = new BronzePartitionRows(chain, segments, context);
  const decoding = new Decoding(lane, context);
  const scanned = context.rows.scan(bronzeEvents, segments, COLUMNS);
  for await (const block of completeRecords(scanned, 'record_offset')) {
    yield* rows.add(block);
    yield* decoding.compare(block);
  }
  yield* rows.end();
  ledger.push(rows.ledgerLine());
}

/** Decodes again what is stored, and stops at the first row that comes out differently. */
class Decoding {
  #isOver = false;
  readonly #plain = new PlainMessages();
  readonly #foreign: readonly { first: number; next: number }[];

  constructor(
    private readonly lane: number,
    private readonly context: VerifyContext,
  ) {
    const segments = context.readable(bronzeEvents, lane);
    this.#foreign = segments.filter((segment) => !context.isOwn(segment)).map(({ footer }) => footer);
  }

  *compare(block: ScannedRows): Generator<Finding> {
    for (const own of this.#ownStretches(block))
      for (const uncertain of this.#uncertain(own)) if (!this.#isOver) yield* this.#compareOwn(uncertain);
  }

  /** The stretches that have to be decoded. */
  *#uncertain(block: ScannedRows): Generator<ScannedRows> {
    const certain = this.#plain.certain(block);
    for (let from = certain.indexOf(0); from >= 0;) {
      const next = certain.indexOf(1, from);
      const to = next < 0 ? block.rows : next;
      yield block.slice(from, to);
      from = certain.indexOf(0, to);
    }
  }

  *#compareOwn(block: ScannedRows): Generator<Finding> {
    const recomputed = withoutKey(decodeRows(recordsOf(block, this.lane)).get(this.lane));
    const rows = Math.min(block.rows, recomputed?.rows ?? 0);
    const difference = recomputed && firstDifference(block, recomputed, { stored: 0, recomputed: 0, rows });
    if (difference === undefined && rows === block.rows && rows === recomputed?.rows) return;
    this.#isOver = true;
    const offset = block.value('record_offset', Math.min(difference?.row ?? rows, block.rows - 1));
    const index = block.value('record_index', Math.min(difference?.row ?? rows, block.rows - 1));
    const file = fileOfOffset(this.context.readable(bronzeEvents, this.lane), Number(offset));
    yield damage(
      `${file}, record ${offset ?? ''}, index ${index ?? ''}`,
      difference === undefined
        ? `its raw value decodes to another number of rows: ${recomputed?.rows ?? 0} instead of ${block.rows}`
        : `decoded again from its raw value, ${describeDifference(difference)}`,
      UNKNOWN_WRITER,
    );
  }

  /** The rows of this version of the rules. */
  #ownStretches(block: ScannedRows): readonly ScannedRows[] {
    if (this.#foreign.length === 0) return [block];
    const offsets = block.numbers('record_offset');
    const stretches: ScannedRows[] = [];
    let from = 0;
    while (from < block.rows) {
      const isOwn = this.#isOwn(offsets[from]!);
      let to = from + 1;
      while (to < block.rows && this.#isOwn(offsets[to]!) === isOwn) to++;
      if (isOwn) stretches.push(block.slice(from, to));
      from = to;
    }
    return stretches;
  }

  #isOwn(offset: number): boolean {
    return !this.#foreign.some(({ first, next }) => first <= offset && offset < next);
  }
}

const withoutKey = (events: TableBatch | undefined): TableBatch | undefined =>
  events && { ...events, columns: events.columns.filter(({ name }) => name !== 'key') };

/** A record as the log had it, but for its key. */
class StoredRecord implements RawRecord {
  readonly key = null;

  constructor(
    readonly partition: number,
    readonly offset: number,
    readonly timeMs: number,
    private readonly raw: string | null,
  ) {}

  /** Made when it is asked for: by far the most are not. */
  get value(): Uint8Array | null {
    return this.raw === null ? null : rawBytes(this.raw);
  }

  get text(): string | undefined {
    return this.raw === null || this.raw.startsWith(BASE64_PREFIX) ? undefined : this.raw;
  }
}

/** The raw value stands on a record's first row. */
function recordsOf(block: ScannedRows, partition: number): RawRecord[] {
  const offsets = block.numbers('record_offset');
  const times = block.numbers('record_time');
  const raws = block.texts('raw');
  const records: RawRecord[] = [];
  for (let row = 0; row < block.rows; row++)
    if (row === 0 || offsets[row] !== offsets[row - 1])
      records.push(new StoredRecord(partition, offsets[row]!, times[row]! / 1000, raws[row] ?? null));
  return records;
}
