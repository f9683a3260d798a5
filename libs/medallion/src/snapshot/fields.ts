export type NumberColumn = Float64Array | Int32Array | Uint8Array;

/** How a field lies in a column of numbers. */
export interface Kind<V> {
  readonly column: (rows: number) => NumberColumn;
  readonly encode: (value: V) => number;
  readonly decode: (stored: number) => V;
}

/**
 * The kind of each field of `T`, of all of them: a field added to a type whose kinds stand somewhere does not compile until
 * it has one too. That is how none is left out of the snapshots.
 */
export type Kinds<T> = { readonly [Name in keyof T]-?: Kind<T[Name]> };

/** Many plain objects, field by field. */
export type Columns<T> = { readonly [Name in keyof T]-?: NumberColumn };

const float64 = (rows: number): Float64Array => new Float64Array(rows);
const uint8 = (rows: number): Uint8Array => new Uint8Array(rows);
const same = (value: number): number => value;

/** Any number, to the bit. */
export const float: Kind<number> = { column: float64, encode: same, decode: same };

/** A whole number of 32 bits. */
export const int32: Kind<number> = { column: (rows) => new Int32Array(rows), encode: same, decode: same };

export const flag: Kind<boolean> = { column: uint8, encode: Number, decode: (stored) => stored === 1 };

/** A number other than NaN, or null. */
export const floatOrNull: Kind<number | null> = {
  column: float64,
  encode: (value) => value ?? NaN,
  decode: (stored) => (Number.isNaN(stored) ? null : stored),
};

/** One of some words, each with its number: `oneOf({ buy: 0, sell: 1 })`. */
export function oneOf<Word extends string>(numbers: Readonly<Record<Word, number>>): Kind<Word> {
  const words = new Map(Object.entries<number>(numbers).map(([word, number]) => [number, word as Word]));
  return { column: uint8, encode: (word) => numbers[word], decode: (stored) => words.get(stored)! };
}

/** Copies the fields into columns; what else the objects have is left out. */
export function packFields<T extends object>(kinds: Kinds<T>, objects: readonly T[]): Columns<T> {
  const fields = namesOf(kinds).map((name) => {
    const { column, encode } = kinds[name];
    return { name, encode, values: column(objects.length) };
  });
  // Object by object: there may be very many, and each is somewhere else in memory.
  for (let at = 0; at < objects.length; at++)
    for (const { name, encode, values } of fields) values[at] = encode(objects[at]![name]);
  return Object.fromEntries(fields.map(({ name, values }) => [name, values])) as Columns<T>;
}

/** Sets the fields of the objects, of which there are as many as were packed. */
export function unpackFields<T extends object>(
  kinds: Kinds<T>,
  columns: Columns<T>,
  objects: readonly T[],
): void {
  const fields = namesOf(kinds).map((name) => ({
    name,
    decode: kinds[name].decode,
    values: columns[name],
  }));
  for (let at = 0; at < objects.length; at++)
    for (const { name, decode, values } of fields) objects[at]![name] = decode(values[at]!);
}

function namesOf<T>(kinds: Kinds<T>): (keyof T)[] {
  return Object.keys(kinds) as (keyof T)[];
}
