import type { CanonicalColumn } from './canonical-columns.js';
import { ContentSum } from './content-sum.js';

/** A file and how many rows its footer says it has. */
export interface RowsOfFile {
  readonly path: string;
  readonly rows: number;
}

/** Told of the content of a file of which as many rows were read as its footer says. */
export type OnContent = (path: string, content: string) => void;

/** Files whose rows come one file after the other, as many as their footers say: counted, and hashed if somebody asks for it. */
export class FileContents {
  readonly #sum: ContentSum | undefined;
  #file = 0;
  #row = 0;

  /** `names`: the columns that the content is of, in their order. */
  constructor(
    private readonly files: readonly RowsOfFile[],
    private readonly names: readonly string[],
    private readonly onContent: OnContent | undefined,
  ) {
    this.#sum = onContent && new ContentSum();
  }

  /** Throws when there are more rows than all files have. */
  add(columns: ReadonlyMap<string, { readonly canonical: CanonicalColumn }>, rows: number): void {
    const sum = this.#sum;
    const canonical = sum && this.names.map((name) => columns.get(name)!.canonical);
    for (let row = 0; row < rows;) {
      const file = this.files[this.#file];
      if (file === undefined)
        throw new RangeError(`Invalid Error: ${this.#last} has more rows than its footer says`);
      const end = Math.min(rows, row + file.rows - this.#row);
      if (canonical !== undefined) sum?.add(canonical, row, end);
      this.#row += end - row;
      row = end;
      if (this.#row === file.rows) this.#endFile(file.path);
    }
  }

  /** When all rows came. Throws when files have less. */
  end(): void {
    if (this.#file < this.files.length)
      throw new RangeError(
        `Invalid Error: ${this.#last}, or a file before it, has fewer rows than its footer says`,
      );
  }

  get #last(): string {
    return this.files.at(-1)?.path ?? '';
  }

  #endFile(path: string): void {
    if (this.#sum !== undefined) this.onContent?.(path, this.#sum.take());
    this.#file++;
    this.#row = 0;
  }
}
