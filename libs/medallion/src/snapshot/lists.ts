/** Lists of various lengths, one behind the other. */
export interface Lists<Values> {
  readonly lengths: Uint32Array;
  readonly values: Values;
}

/** Copies the lists. */
export function packNumbers(lists: readonly Float64Array[]): Lists<Float64Array> {
  const lengths = Uint32Array.from(lists, ({ length }) => length);
  const values = new Float64Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    values.set(list, at);
    at += list.length;
  }
  return { lengths, values };
}

/** Copies the lists. */
export function packTexts(lists: readonly (readonly string[])[]): Lists<readonly string[]> {
  return { lengths: Uint32Array.from(lists, ({ length }) => length), values: lists.flat() };
}

/** The lists, each a copy. */
export function unpackLists<Values extends { slice(from: number, to: number): Values }>({
  lengths,
  values,
}: Lists<Values>): Values[] {
  let from = 0;
  return Array.from(lengths, (length) => {
    const list = values.slice(from, from + length);
    from += length;
    return list;
  });
}
