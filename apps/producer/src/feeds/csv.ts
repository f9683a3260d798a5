import { isUtf8 } from 'node:buffer';
import type { CsvRecord } from './csv-record.js';
import { splitCsvRecord } from './csv-record.js';
import { isBlank, withoutCarriageReturn } from './lines.js';
import type { MessageReader } from './messages.js';

/** A record over more lines than this is a quote that nobody closed. */
const MAX_LINES_PER_RECORD = 100;

/** A row's fields as a message. */
export type FieldsToMessage = (fields: readonly string[]) => string;

/**
 * CSV after RFC 4180 under a header. A line that is no record (a stray or open quote, another number of fields than the
 * header, not UTF-8) becomes a message as it stands, so that bronze keeps it and says why; the next line starts anew.
 */
export class CsvRows implements MessageReader {
  #header: readonly string[] | undefined;
  #toMessage: FieldsToMessage | undefined;
  #pending: Buffer[] = [];

  /** `forHeader` is called with the header's fields and says how rows become messages. */
  constructor(private readonly forHeader: (header: readonly string[]) => FieldsToMessage) {}

  push(line: Buffer): readonly Buffer[] {
    if (this.#pending.length === 0 && isBlank(line)) return [];
    this.#pending.push(line);
    const record = this.#record();
    const isWaiting = record === 'open' && this.#pending.length < MAX_LINES_PER_RECORD;
    return isWaiting ? [] : this.#accept(record);
  }

  end(): readonly Buffer[] {
    const messages: Buffer[] = [];
    while (this.#pending.length > 0) messages.push(...this.#giveUpOnFirst());
    return messages;
  }

  #record(): CsvRecord {
    const bytes = this.#pending.length === 1 ? this.#pending[0]! : joinLines(this.#pending);
    return isUtf8(bytes) ? splitCsvRecord(withoutCarriageReturn(bytes).toString()) : 'malformed';
  }

  #accept(record: CsvRecord): readonly Buffer[] {
    if (typeof record === 'string') return this.#giveUpOnFirst();
    if (this.#header === undefined || this.#toMessage === undefined) {
      this.#header = record;
      this.#toMessage = this.forHeader(record);
      this.#pending = [];
      return [];
    }
    if (record.length !== this.#header.length) return this.#giveUpOnFirst();
    this.#pending = [];
    return [Buffer.from(this.#toMessage(record))];
  }

  #giveUpOnFirst(): Buffer[] {
    const [first, ...rest] = this.#pending;
    this.#pending = [];
    const messages = first === undefined ? [] : [withoutCarriageReturn(first)];
    for (const line of rest) messages.push(...this.push(line));
    return messages;
  }
}

function joinLines(lines: readonly Buffer[]): Buffer {
  const lineFeed = Buffer.from('\n');
  return Buffer.concat(lines.flatMap((line, i) => (i === 0 ? [line] : [lineFeed, line])));
}
