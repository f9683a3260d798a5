import { isAscii } from 'node:buffer';

/** Texts of some rows whose bytes lie next to each other in memory; a text is made of them when it is asked for. */
export class LaidTexts {
  #texts: readonly (string | null)[] | undefined;

  private constructor(
    readonly bytes: Buffer,
    /** By row, counted from `from`: where its bytes begin. */
    readonly starts: Int32Array,
    /** By row, counted from `from`: how many they are, -1 for null. */
    readonly lengths: Float64Array,
    readonly from: number,
    readonly rows: number,
    private readonly isAscii: boolean,
  ) {}

  static of(bytes: Buffer, lengths: Float64Array): LaidTexts {
    const starts = new Int32Array(lengths.length);
    let start = 0;
    for (let row = 0; row < lengths.length; row++) {
      starts[row] = start;
      start += Math.max(0, lengths[row]!);
    }
    return new LaidTexts(bytes, starts, lengths, 0, lengths.length, isAscii(bytes));
  }

  /** Rows [from, to), of the same bytes. */
  slice(from: number, to: number): LaidTexts {
    const { bytes, starts, lengths } = this;
    return new LaidTexts(bytes, starts, lengths, this.from + from, to - from, this.isAscii);
  }

  get texts(): readonly (string | null)[] {
    return (this.#texts ??= this.#cutUp());
  }

  #cutUp(): readonly (string | null)[] {
    const { bytes, starts, lengths, from, rows } = this;
    const first = starts[from] ?? 0;
    const last = from + rows - 1;
    const end = rows === 0 ? first : starts[last]! + Math.max(0, lengths[last]!);
    const all = this.isAscii ? bytes.toString('latin1', first, end) : undefined;
    const texts = new Array<string | null>(rows).fill(null);
    for (let row = 0; row < rows; row++) {
      const start = starts[from + row]!;
      const length = lengths[from + row]!;
      if (length < 0) continue;
      const text = all?.slice(start - first, start - first + length);
      texts[row] = text ?? bytes.toString('utf8', start, start + length);
    }
    return texts;
  }
}
