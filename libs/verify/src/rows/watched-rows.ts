import type { FileContent, InspectedChain, LakeInspector, ScannedRows, WalkedSegment } from '@engine/lake';
import type { TableSchema } from '@engine/medallion';

/** What reads the rows of segments. */
export type RowReader = Pick<LakeInspector, 'scan' | 'contentBySymbol'>;

/** Whether a file's rows are as many and as they were when it was written. */
export function isAsWritten({ footer }: WalkedSegment, found: FileContent): boolean {
  return !('error' in found) && found.rows === footer.rows && found.content === footer.content;
}

/**
 * Reads rows for somebody, and looks after the contents of some chains' files on the way: hashing what is in memory anyway
 * spares a second look through the files.
 */
export class WatchedRows implements RowReader {
  readonly #chains: readonly InspectedChain[];
  readonly #contents = new Map<string, string>();

  constructor(
    private readonly lake: LakeInspector,
    chains: readonly InspectedChain[],
  ) {
    this.#chains = chains;
  }

  scan(
    table: TableSchema,
    segments: readonly WalkedSegment[],
    columns: readonly string[],
  ): AsyncGenerator<ScannedRows, void> {
    // By name: in a worker thread the chains are copies.
    const isWatched = this.#chains.some((chain) => chain.table.name === table.name);
    return this.lake.scan(
      table,
      segments,
      columns,
      isWatched ? (path, content) => this.#contents.set(path, content) : undefined,
    );
  }

  contentBySymbol(segment: WalkedSegment): Promise<ReadonlyMap<string, string>> {
    return this.lake.contentBySymbol(segment);
  }

  /** Whether all files are as they were written; those that were not read to their end are read now. */
  async hold(): Promise<boolean> {
    for (const { walk } of this.#chains) {
      const { segments } = walk;
      const unseen = segments.filter(({ path }) => !this.#contents.has(path));
      if (
        segments.some(({ path, footer }) => (this.#contents.get(path) ?? footer.content) !== footer.content)
      )
        return false;
      if (!(await holds(this.lake, unseen))) return false;
    }
    return true;
  }
}

/** Whether segments are as they were written. */
export async function holds(lake: LakeInspector, segments: readonly WalkedSegment[]): Promise<boolean> {
  const byPath = new Map(segments.map((segment) => [segment.path, segment]));
  for await (const found of lake.contents(segments))
    if (!isAsWritten(byPath.get(found.path)!, found)) return false;
  return true;
}
