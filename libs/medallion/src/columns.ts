/** The types a lake column can have. Times are TIMESTAMPTZ in the lake and µs since the epoch here. */
export type ColumnType = 'BIGINT' | 'INTEGER' | 'DOUBLE' | 'BOOLEAN' | 'VARCHAR' | 'TIMESTAMP';

/**
 * One column's values. Numbers lie in typed arrays so that they can be handed to the database without an object per row:
 * NaN is null in a `Float64Array` (BIGINT, DOUBLE, TIMESTAMP), 2 is null in a BOOLEAN; an INTEGER is never null.
 */
export interface ColumnValues {
  readonly BIGINT: Float64Array;
  readonly TIMESTAMP: Float64Array;
  readonly DOUBLE: Float64Array;
  readonly INTEGER: Int32Array;
  readonly BOOLEAN: Uint8Array;
  readonly VARCHAR: readonly (string | null)[];
}

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly values: ColumnValues[ColumnType];
}

/** Column names and types of a table, in the order of the columns. */
export type ColumnTypes = Readonly<Record<string, ColumnType>>;

/** A table of the lake: `name` is `<layer>/<table>`. */
export interface TableSchema<Columns extends ColumnTypes = ColumnTypes> {
  readonly name: string;
  readonly columns: Columns;
}

/** Some rows of one table, column by column, in the order they were decided. */
export interface TableBatch {
  readonly schema: TableSchema;
  readonly rows: number;
  readonly columns: readonly Column[];
}

/** V8 keeps up to 64 bytes of a typed array in the object itself: at low rates a batch has a row or two. */
const INITIAL_CAPACITY = 8;

/** One class per kind of values, and no function handed in: each `push` of a row stays a few instructions. */
class FloatBuilder {
  #values: Float64Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity);
  }

  push(value: number | null): void {
    if (this.#length === this.#values.length) this.#values = grown(this.#values, Float64Array);
    this.#values[this.#length++] = value ?? NaN;
  }

  take(): Float64Array {
    const values = this.#values;
    const isFull = this.#length === values.length;
    const taken = isFull ? values : values.slice(0, this.#length);
    if (isFull) this.#values = new Float64Array(INITIAL_CAPACITY);
    this.#length = 0;
    return taken;
  }
}

class IntegerBuilder {
  #values: Int32Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity: number) {
    this.#values = new Int32Array(capacity);
  }

  push(value: number): void {
    if (this.#length === this.#values.length) this.#values = grown(this.#values, Int32Array);
    this.#values[this.#length++] = value;
  }

  take(): Int32Array {
    const values = this.#values;
    const isFull = this.#length === values.length;
    const taken = isFull ? values : values.slice(0, this.#length);
    if (isFull) this.#values = new Int32Array(INITIAL_CAPACITY);
    this.#length = 0;
    return taken;
  }
}

class BooleanBuilder {
  #values: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity: number) {
    this.#values = new Uint8Array(capacity);
  }

  push(value: boolean | null): void {
    if (this.#length === this.#values.length) this.#values = grown(this.#values, Uint8Array);
    this.#values[this.#length++] = value === null ? 2 : value ? 1 : 0;
  }

  take(): Uint8Array {
    const values = this.#values;
    const isFull = this.#length === values.length;
    const taken = isFull ? values : values.slice(0, this.#length);
    if (isFull) this.#values = new Uint8Array(INITIAL_CAPACITY);
    this.#length = 0;
    return taken;
  }
}

class TextBuilder {
  #values: (string | null)[] = [];

  push(value: string | null): void {
    this.#values.push(value);
  }

  take(): (string | null)[] {
    const taken = this.#values;
    this.#values = [];
    return taken;
  }
}

function grown<A extends Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(
  values: A,
  Values: new (capacity: number) => A,
): A {
  const longer = new Values(values.length * 2);
  longer.set(values);
  return longer;
}

const newBuilder = {
  BIGINT: (capacity: number) => new FloatBuilder(capacity),
  TIMESTAMP: (capacity: number) => new FloatBuilder(capacity),
  DOUBLE: (capacity: number) => new FloatBuilder(capacity),
  INTEGER: (capacity: number) => new IntegerBuilder(capacity),
  BOOLEAN: (capacity: number) => new BooleanBuilder(capacity),
  VARCHAR: () => new TextBuilder(),
};

type Builders<Columns extends ColumnTypes> = {
  readonly [Name in keyof Columns]: ReturnType<(typeof newBuilder)[Columns[Name]]>;
};

/** Collects rows column by column: `columns.price.push(101.5)`, every column once per row, then `take()`. */
export class TableBuilder<Columns extends ColumnTypes> {
  readonly columns: Builders<Columns>;

  /** `rows`: how many are expected; there may be others. */
  constructor(
    readonly schema: TableSchema<Columns>,
    rows = 0,
  ) {
    const capacity = Math.max(INITIAL_CAPACITY, rows);
    const builders = Object.entries(schema.columns).map(([name, type]) => [name, newBuilder[type](capacity)]);
    this.columns = Object.fromEntries(builders) as Builders<Columns>;
  }

  /** The rows pushed since the last call. Throws when a column was forgotten in some row. */
  take(): TableBatch {
    const columns = Object.entries(this.schema.columns).map(([name, type]): Column => {
      const builder = this.columns[name] as { take(): Column['values'] };
      return { name, type, values: builder.take() };
    });
    const rows = columns[0]?.values.length ?? 0;
    const uneven = columns.find((column) => column.values.length !== rows);
    if (uneven !== undefined)
      throw new Error(`${this.schema.name}.${uneven.name}: ${uneven.values.length} values for ${rows} rows`);
    return { schema: this.schema, rows, columns };
  }
}
