import type { CanonicalColumn } from './canonical-columns.js';
import { ContentSum } from './content-sum.js';
import type { RowsOfFile } from './joined-texts.js';

/** Told of the content of a file of which as many rows were read as its footer says. */
export type OnContent = (path: string, content: string) => void;

/** The contents of files whose rows come one file after the other. */
export class FileContents {
  readonly #sum = new ContentSum();
  #file = 0;
  #row = 0;

  /** `names`: the columns that the content is of, in their order. */
  constructor(
    private readonly files: readonly RowsOfFile[],
    private readonly names: readonly string[],
    private readonly onContent: OnContent,
  ) {}

  add(columns: ReadonlyMap<string, { readonly canonical: CanonicalColumn }>, rows: number): void {
    const canonical = this.names.map((name) => columns.get(name)!.canonical);
    for (let row = 0; row < rows;) {
      const file = this.files[this.#file];
      if (file === undefined) return;
      const end = Math.min(rows, row + file.rows - this.#row);
      this.#sum.add(canonical, row, end);
      this.#row += end - row;
      row = end;
      if (this.#row === file.rows) this.#endFile(file.path);
    }
  }

  #endFile(path: string): void {
    this.onContent(path, this.#sum.take());
    this.#file++;
    this.#row = 0;
  }
}
