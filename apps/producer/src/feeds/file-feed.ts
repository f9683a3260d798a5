import { RecordedPace, ROWS_ASKED } from '../pacer.js';
import { sleepUntil } from '../sleep.js';
import { openMessages } from './detect.js';
import type { Feed, FeedRow, SentRows } from './feed.js';
import type { FeedFile } from './feed-files.js';
import { contentHash, findFeedFiles } from './feed-files.js';
import { fileRow } from './file-row.js';
import { readLines } from './lines.js';

/** Rows that fall due within this time go together. */
const BATCH_MS = 20;

export interface FileFeedSettings {
  /** A file, or a folder of files. */
  readonly path: string;
  /** `auto`, `jsonl`, `csv` or `yahoo`. */
  readonly format: string;
  /** How many times faster than recorded; `max`: without any wait. */
  readonly speed: number | 'max';
}

/** Recorded ticks, read as a stream. Its name is made of the formats and the content, wherever the files lie. */
export class FileFeed implements Feed {
  readonly kind = 'file';

  private constructor(
    readonly name: string,
    private readonly files: readonly FeedFile[],
    private readonly idPrefix: string,
    private readonly speed: number | 'max',
  ) {}

  /** Looks at every file once, for its format and its content. Throws `InvalidFeedError`. */
  static async open({ path, format, speed }: FileFeedSettings): Promise<FileFeed> {
    const files = await findFeedFiles(path, format);
    const hash = await contentHash(files);
    const formats = [...new Set(files.map((file) => file.format))].sort().join('+');
    return new FileFeed(`file:${formats}:${hash.slice(0, 32)}`, files, hash.slice(0, 12), speed);
  }

  batches(sent: SentRows, signal: AbortSignal): AsyncIterable<readonly FeedRow[]> {
    return this.speed === 'max'
      ? this.#rows(signal)
      : this.#pacedRows(new RecordedPace(this.speed), sent, signal);
  }

  /** As many rows at a time as a read from the disk gives. */
  async *#rows(signal: AbortSignal): AsyncGenerator<readonly FeedRow[]> {
    let row = 0;
    const toRow = (message: Buffer): FeedRow => fileRow(message, row++, this.idPrefix);
    for (const file of this.files) {
      const messages = openMessages(file.format);
      for await (const lines of readLines(file.path)) {
        if (signal.aborted) return;
        yield lines.flatMap((line) => messages.push(line)).map(toRow);
      }
      yield messages.end().map(toRow);
    }
  }

  async *#pacedRows(
    pace: RecordedPace,
    sent: SentRows,
    signal: AbortSignal,
  ): AsyncGenerator<readonly FeedRow[]> {
    for await (const [rows, next] of withNext(this.#rows(signal))) {
      const timesUs = [...rows, ...next.slice(0, ROWS_ASKED)].map((row) => row.eventTimeUs);
      let due: FeedRow[] = [];
      for (const [i, row] of rows.entries()) {
        const nowMs = performance.now();
        const dueMs = row.row <= sent.newestRow ? nowMs : pace.dueMs(timesUs, i, nowMs);
        if (dueMs > nowMs) {
          if (due.length > 0) yield due;
          due = [];
          await sleepUntil(Math.max(dueMs, performance.now() + BATCH_MS), signal);
          if (signal.aborted) return;
        }
        due.push(row);
      }
      yield due;
    }
  }
}

/** Each batch that has rows with the one after it; with none after the last. */
async function* withNext(
  batches: AsyncIterable<readonly FeedRow[]>,
): AsyncGenerator<[rows: readonly FeedRow[], next: readonly FeedRow[]]> {
  let rows: readonly FeedRow[] | undefined;
  for await (const next of batches) {
    if (next.length === 0) continue;
    if (rows !== undefined) yield [rows, next];
    rows = next;
  }
  if (rows !== undefined) yield [rows, []];
}
