/** Texts and, per row, which of them it has. */
export interface IndexedTexts {
  readonly texts: readonly string[];
  readonly indexes: readonly number[];
}

/** The rows [from, to) of a column, as JSON has them. */
export const sliceRows = <T>(column: ArrayLike<T>, from: number, to: number): readonly T[] =>
  from === 0 && to === column.length && Array.isArray(column)
    ? (column as readonly T[])
    : Array.prototype.slice.call(column, from, to);

/** The rows [from, to), with only the texts that occur in them. */
export function sliceIndexed(
  { texts, indexes }: { readonly texts: readonly string[]; readonly indexes: ArrayLike<number> },
  from: number,
  to: number,
): IndexedTexts {
  const rows = sliceRows(indexes, from, to);
  if (from === 0 && to === indexes.length) return { texts, indexes: rows };
  const newIndexes = new Int32Array(texts.length).fill(-1);
  const used: string[] = [];
  const sliced = rows.map((index) => {
    if (newIndexes[index] === -1) newIndexes[index] = used.push(texts[index]!) - 1;
    return newIndexes[index]!;
  });
  return { texts: used, indexes: sliced };
}

/** A column of nothing but nulls is left out of the message. */
export function unlessAllNull<T>(column: readonly (T | null)[]): readonly (T | null)[] | undefined {
  return column.some((value) => value !== null) ? column : undefined;
}

/** A column of nothing but zeros is left out of the message. */
export function unlessAllZero(column: readonly number[]): readonly number[] | undefined {
  return column.some((value) => value !== 0) ? column : undefined;
}
