/** Texts of fewer rows are made one by one: what lies between them may be much. */
const FEW_ROWS = 64;

/** Texts of some rows by where their bytes lie in memory; a text is made of them when it is asked for. */
export class LaidTexts {
  #texts: readonly (string | null)[] | undefined;

  constructor(
    readonly bytes: Buffer,
    /** By row, counted from `from`: where its bytes begin. */
    readonly starts: Int32Array,
    /** By row, counted from `from`: how many they are, -1 for null. */
    readonly lengths: Int32Array,
    /** Whether all texts are; between them may lie anything. */
    private readonly isAscii: boolean,
    readonly from = 0,
    readonly rows = starts.length,
  ) {}

  /** Rows [from, to), of the same bytes. */
  slice(from: number, to: number): LaidTexts {
    const { bytes, starts, lengths } = this;
    return new LaidTexts(bytes, starts, lengths, this.isAscii, this.from + from, to - from);
  }

  get texts(): readonly (string | null)[] {
    return (this.#texts ??= this.#cutUp());
  }

  #cutUp(): readonly (string | null)[] {
    const { bytes, starts, lengths, from, rows } = this;
    const all = this.isAscii && rows >= FEW_ROWS ? bytes.toString('latin1') : undefined;
    const texts = new Array<string | null>(rows).fill(null);
    for (let row = 0; row < rows; row++) {
      const start = starts[from + row]!;
      const length = lengths[from + row]!;
      if (length < 0) continue;
      texts[row] = all?.slice(start, start + length) ?? bytes.toString('utf8', start, start + length);
    }
    return texts;
  }
}
