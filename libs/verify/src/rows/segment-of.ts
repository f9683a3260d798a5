import type { WalkedSegment } from '@engine/lake';

/** The file that has the row of an input offset. */
export function fileOfOffset(segments: readonly WalkedSegment[], offset: number): string {
  const segment = segments.find(({ footer }) => footer.first <= offset && offset < footer.next);
  return (segment ?? segments.at(-1))?.path ?? '';
}

/** The file that has a table's n-th row, as the footers count. */
export function fileOfRow(segments: readonly WalkedSegment[], row: number): string {
  let before = 0;
  for (const { path, footer } of segments) {
    before += footer.rows;
    if (row < before) return path;
  }
  return segments.at(-1)?.path ?? '';
}
