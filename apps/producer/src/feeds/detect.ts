import { splitCsvRecord } from './csv-record.js';
import { CsvRows } from './csv.js';
import { csvTicks } from './csv-ticks.js';
import { InvalidFeedError } from './feed-error.js';
import { JsonLines } from './json-lines.js';
import type { MessageReader } from './messages.js';
import { YAHOO_COLUMNS, yahooTicks } from './yahoo.js';

export type FileFormat = 'jsonl' | 'csv' | 'yahoo';

interface FormatDescription {
  readonly reads: string;
  open(): MessageReader;
}

const FORMATS: Readonly<Record<FileFormat, FormatDescription>> = {
  jsonl: { reads: 'JSON lines of ticks', open: () => new JsonLines() },
  csv: {
    reads: 'CSV with a header that has ticker (or symbol), price and timestamp',
    open: () => new CsvRows(csvTicks),
  },
  yahoo: {
    reads: `Yahoo's streaming quotes, CSV with ${YAHOO_COLUMNS.join(', ')}`,
    open: () => new CsvRows(yahooTicks),
  },
};

/** Second clocks that only vendors' files have: these also have a tick's names, but sizes under another. */
const VENDOR_COLUMNS = ['local_timestamp', 'receipt_timestamp', 'sip_timestamp', 'ts_event'];
const TICK_FIELDS = ['ticker', 'symbol', 'price', 'timestamp'];

export function openMessages(format: FileFormat): MessageReader {
  return FORMATS[format].open();
}

/** The beginning of a file. */
export interface FileHead {
  readonly path: string;
  /** Its first lines, as many as fit into some 10 KiB; the last one may be cut. */
  readonly lines: readonly string[];
}

/** The format in which to read a file: the one asked for, or the one its beginning shows. Throws `InvalidFeedError`. */
export function fileFormat(head: FileHead, asked: string): FileFormat {
  if (asked === 'auto') return detect(head);
  if (!isFormat(asked)) throw new InvalidFeedError(`FEED_FORMAT=${asked} is not known. ${knownFormats()}`);
  if (asked !== 'jsonl' && !hasColumns(headerOf(head), asked))
    throw unreadable(head, `does not have the columns of ${asked}`);
  return asked;
}

function detect(head: FileHead): FileFormat {
  if (looksLikeJson(head)) {
    if (!isVendorJson(head.lines)) return 'jsonl';
    throw unreadable(head, 'holds JSON lines, but no ticks');
  }
  const header = headerOf(head);
  if (hasColumns(header, 'yahoo')) return 'yahoo';
  const isVendors = VENDOR_COLUMNS.some((column) => header.includes(column));
  if (hasColumns(header, 'csv') && !isVendors) return 'csv';
  throw unreadable(head, 'is in no format known here');
}

function hasColumns(header: readonly string[], format: 'csv' | 'yahoo'): boolean {
  if (format === 'yahoo') return YAHOO_COLUMNS.every((column) => header.includes(column));
  const hasTicker = header.includes('ticker') || header.includes('symbol');
  return hasTicker && header.includes('price') && header.includes('timestamp');
}

/** A name that ends in .jsonl or .ndjson is believed even if the first line is damaged. */
function looksLikeJson({ path, lines }: FileHead): boolean {
  return /\.(jsonl|ndjson)$/i.test(path) || /^\s*[{[]/.test(lines[0] ?? '');
}

/** True when whole objects were found and none had a field of a tick. */
function isVendorJson(lines: readonly string[]): boolean {
  const names = lines.flatMap((line) => fieldNames(parseJson(line)));
  return names.length > 0 && !TICK_FIELDS.some((field) => names.includes(field));
}

function fieldNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(fieldNames);
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function headerOf(head: FileHead): readonly string[] {
  const record = splitCsvRecord(head.lines[0] ?? '');
  return typeof record === 'string' ? [] : record.map((name) => name.trim());
}

function isFormat(name: string): name is FileFormat {
  return Object.hasOwn(FORMATS, name);
}

function unreadable({ path, lines }: FileHead, why: string): InvalidFeedError {
  const found =
    lines.length === 0 ? 'it is empty' : `it begins with ${JSON.stringify(lines[0]?.slice(0, 200))}`;
  return new InvalidFeedError(`${path} ${why}: ${found}. ${knownFormats()}`);
}

function knownFormats(): string {
  const formats = Object.entries(FORMATS).map(([name, { reads }]) => `${name} (${reads})`);
  return `Formats known: ${formats.join('; ')}.`;
}
