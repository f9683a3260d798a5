/** Lists of various lengths, one behind the other. */
export interface Lists<Values> {
  readonly lengths: Uint32Array;
  readonly values: Values;
}

/** Copies the lists. */
export function packNumbers(lists: readonly Float64Array[]): Lists<Float64Array> {
  const lengths = lengthsOf(lists);
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
  // A loop, because flat() takes many times as long; push, because an array with holes is serialized index by index.
  const values: string[] = [];
  for (const list of lists) for (const text of list) values.push(text);
  return { lengths: lengthsOf(lists), values };
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

function lengthsOf(lists: readonly { readonly length: number }[]): Uint32Array {
  return Uint32Array.from(lists, ({ length }) => length);
}
