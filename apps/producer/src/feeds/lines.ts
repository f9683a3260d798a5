import { createReadStream } from 'node:fs';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const CHUNK_BYTES = 256 * 1024;

/** Cuts a stream of bytes at line feeds. A line keeps its carriage return; a byte order mark at the start goes. */
export class LineSplitter {
  #parts: Buffer[] = [];
  #isFirst = true;

  /** The lines that this chunk completes. */
  push(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      lines.push(this.#complete(chunk.subarray(start, end)));
      start = end + 1;
    }
    if (start < chunk.length) this.#parts.push(chunk.subarray(start));
    return lines;
  }

  /** What stood after the last line feed. */
  end(): Buffer[] {
    return this.#parts.length === 0 ? [] : [this.#complete(Buffer.alloc(0))];
  }

  #complete(last: Buffer): Buffer {
    const line = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last]);
    this.#parts = [];
    if (!this.#isFirst) return line;
    this.#isFirst = false;
    return withoutByteOrderMark(line);
  }
}

/** A file's lines, as many at a time as a chunk completes. */
export async function* readLines(path: string): AsyncGenerator<Buffer[]> {
  const splitter = new LineSplitter();
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }))
    yield splitter.push(chunk as Buffer);
  yield splitter.end();
}

export function withoutCarriageReturn(line: Buffer): Buffer {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}

/** True for a line of nothing but ASCII white space. */
export function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

function withoutByteOrderMark(line: Buffer): Buffer {
  return line.subarray(0, 3).equals(BYTE_ORDER_MARK) ? line.subarray(3) : line;
}
