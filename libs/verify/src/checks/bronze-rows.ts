import type { InspectedChain, ScannedRows, WalkedSegment } from '@engine/lake';
import { damage, note } from '../finding.js';
import type { Finding } from '../finding.js';
import type { LedgerLine } from '../ledger.js';
import { rebuildChain, UNKNOWN_WRITER } from '../remedies.js';
import { LaneNames } from '@engine/lake';
import type { VerifyContext } from '../verify-context.js';

/**
 * The rows of one partition of `stock-ticks`, counted as they pass: record after record, none missing, each in the segment of
 * its offset, and every footer's `lanes` what the rows so far say.
 */
export class BronzePartitionRows {
  readonly #names: LaneNames;
  readonly #lastSent = new Map<number, [offset: number, index: number]>();
  #segment = 0;
  #offset: number;
  #index = 0;
  #recordTimeUs: number | null = null;
  #records = 0;
  #accepted = 0;
  #invalid = 0;
  #isOver = false;

  constructor(
    private readonly chain: InspectedChain,
    private readonly segments: readonly WalkedSegment[],
    private readonly context: VerifyContext,
  ) {
    this.#names = new LaneNames(context.lanes);
    this.#offset = chain.walk.start - 1;
  }

  *add(block: ScannedRows): Generator<Finding> {
    const offsets = block.numbers('record_offset');
    const indexes = block.numbers('record_index');
    const verdicts = block.texts('verdict');
    const symbols = block.texts('symbol');
    const times = block.numbers('record_time');
    for (let row = 0; row < block.rows; row++) {
      const offset = offsets[row]!;
      if (offset >= this.#segmentEnd) yield* this.#enter(offset);
      if (this.#isOutOfPlace(offset, indexes[row]!)) yield* this.#outOfPlace(offset, indexes[row]!);
      if (offset !== this.#offset) this.#records++;
      this.#offset = offset;
      this.#index = indexes[row]!;
      this.#recordTimeUs = times[row]!;
      if (verdicts[row] !== 'accepted') this.#invalid++;
      else {
        this.#accepted++;
        const lane = this.#names.of(symbols[row] ?? '');
        const last = this.#lastSent.get(lane);
        if (last === undefined) this.#lastSent.set(lane, [offset, this.#index]);
        else {
          last[0] = offset;
          last[1] = this.#index;
        }
      }
    }
  }

  *end(): Generator<Finding> {
    while (this.#segment < this.segments.length) yield* this.#leaveSegment();
  }

  ledgerLine(): LedgerLine {
    const verdicts = new Map([
      ['accepted', this.#accepted],
      ['invalid', this.#invalid],
    ]);
    return {
      layer: 'bronze',
      lane: this.chain.lane,
      rows: this.#accepted + this.#invalid,
      verdicts,
      lag: 0,
      extra: { name: 'records', count: this.#records },
    };
  }

  /** Goes on to the segment that an offset belongs to. */
  *#enter(offset: number): Generator<Finding> {
    while (offset >= this.#segmentEnd) yield* this.#leaveSegment();
  }

  get #segmentEnd(): number {
    return this.segments[this.#segment]?.footer.next ?? Infinity;
  }

  *#leaveSegment(): Generator<Finding> {
    const segment = this.segments[this.#segment++];
    if (segment === undefined) return;
    const { path, footer } = segment;
    if (this.#offset + 1 < footer.next) yield* this.#missing(path, this.#offset + 1, footer.next);
    // What is missing has been said: the next segment begins where it begins.
    this.#offset = Math.max(this.#offset, footer.next - 1);
    yield* this.#compareFooter(segment);
  }

  *#compareFooter({ path, footer }: WalkedSegment): Generator<Finding> {
    if (this.#isOver) return;
    const isBaseline = this.#segment === 1 && this.chain.walk.start > 0;
    const stored = coordinatesOf(footer.lanes);
    const counted = Object.fromEntries(this.#lastSent);
    if (!isBaseline && canonical(stored) !== canonical(counted)) {
      this.#isOver = true;
      yield damage(
        path,
        `its footer says that the lanes got ${canonical(stored)} last, its rows and those before it say ${canonical(counted)} (with ${this.context.lanes} lanes): a file of another partition, or another number of lanes`,
        rebuildChain(this.chain.folder),
      );
    }
    if (footer.watermark !== this.#recordTimeUs)
      yield damage(path, 'its watermark is not the time of its last record', rebuildChain(this.chain.folder));
    for (const [lane, coordinate] of Object.entries(stored))
      this.#lastSent.set(Number(lane), [...coordinate]);
  }

  #isOutOfPlace(offset: number, index: number): boolean {
    return offset === this.#offset ? index !== this.#index + 1 : offset !== this.#offset + 1 || index !== 0;
  }

  *#outOfPlace(offset: number, index: number): Generator<Finding> {
    const path = this.segments[this.#segment]?.path ?? this.chain.folder;
    if (offset > this.#offset + 1) yield* this.#missing(path, this.#offset + 1, offset);
    if (offset > this.#offset && index === 0) return;
    yield damage(
      `${path}, record ${offset}, index ${index}`,
      `it does not follow on record ${this.#offset}, index ${this.#index}: a row is missing, twice, or not in its place`,
      UNKNOWN_WRITER,
    );
  }

  *#missing(path: string, from: number, to: number): Generator<Finding> {
    const records = to - from === 1 ? `record ${from} is` : `records [${from}, ${to}) are`;
    if (this.context.settings.offsetsAreDense)
      yield damage(path, `${records} missing from its rows`, rebuildChain(this.chain.folder));
    else
      yield note(
        path,
        `${records} not in its rows: offsets that no record has are usual with Kafka's transactions`,
      );
  }
}

type Coordinates = Readonly<Record<string, readonly [number, number]>>;

/** What is no JSON of coordinates is as good as none. */
function coordinatesOf(lanes: string | null): Coordinates {
  try {
    const all = Object.entries((JSON.parse(lanes ?? '{}') ?? {}) as Record<string, unknown>);
    return Object.fromEntries(all.filter(([, coordinate]) => Array.isArray(coordinate))) as Coordinates;
  } catch {
    return {};
  }
}

const canonical = (coordinates: Coordinates): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(coordinates).sort(([one], [other]) => Number(one) - Number(other))),
  );
