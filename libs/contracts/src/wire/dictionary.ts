/** Texts and, per row, which of them it has. */
export interface IndexedTexts {
  readonly texts: readonly string[];
  readonly indexes: readonly number[];
}

/** The rows [from, to), with only the texts that occur in them. */
export function sliceIndexed({ texts, indexes }: IndexedTexts, from: number, to: number): IndexedTexts {
  if (from === 0 && to === indexes.length) return { texts, indexes };
  const newIndexes = new Int32Array(texts.length).fill(-1);
  const used: string[] = [];
  const sliced = indexes.slice(from, to).map((index) => {
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
