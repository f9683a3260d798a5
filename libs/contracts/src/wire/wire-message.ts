import type { Coordinate } from '../coordinate.js';
import { MalformedMessageError, UnknownVersionError } from '../errors.js';
import { show } from '../show.js';

export const WIRE_VERSION = 1;

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isFiniteNumber: Check = (value) => Number.isFinite(value);
const isText: Check = (value) => typeof value === 'string';

/**
 * The fields of a message between layers, read one by one. Each method checks what it returns, in one pass over the column,
 * and throws `MalformedMessageError` naming the field and what was found.
 */
export class WireMessage {
  private constructor(
    private readonly fields: Fields,
    private readonly rows: number,
  ) {}

  /** Throws `UnknownVersionError` for what another version of the engine has written. */
  static parse(value: Uint8Array | null): WireMessage {
    const fields = parseObject(value);
    if (!('v' in fields)) throw new MalformedMessageError('A message without a version ("v")');
    if (fields['v'] !== WIRE_VERSION) throw new UnknownVersionError(fields['v']);
    return new WireMessage(fields, isCount(fields['n']) ? (fields['n'] as number) : -1);
  }

  get isMarker(): boolean {
    return 'marker' in this.fields;
  }

  /** The number of rows. */
  count(): number {
    if (this.rows < 0) throw malformed('n', 'the number of rows', this.fields['n']);
    return this.rows;
  }

  integer(name: string): number {
    const value = this.fields[name];
    if (!isCount(value)) throw malformed(name, 'an integer', value);
    return value as number;
  }

  texts(name: string): string[] {
    return this.#array(name, isText, 'texts') as string[];
  }

  integers(name: string): number[] {
    return this.#column(name, isCount, 'integers') as number[];
  }

  integersOrZeros(name: string): number[] {
    return name in this.fields ? this.integers(name) : this.#filled(0);
  }

  doubles(name: string): number[] {
    return this.#column(name, isFiniteNumber, 'numbers') as number[];
  }

  doublesOrNulls(name: string): (number | null)[] {
    return this.#nullable(name, isFiniteNumber, 'numbers or null') as (number | null)[];
  }

  textsOrNulls(name: string): (string | null)[] {
    return this.#nullable(name, isText, 'texts or null') as (string | null)[];
  }

  oneOfOrNulls<T extends string>(name: string, allowed: readonly T[]): (T | null)[] {
    const isAllowed: Check = (value) => (allowed as readonly unknown[]).includes(value);
    return this.#nullable(name, isAllowed, `${allowed.join(', ')} or null`) as (T | null)[];
  }

  /** Left out where all are true. */
  booleansOrTrue(name: string): boolean[] {
    if (!(name in this.fields)) return this.#filled(true);
    return this.#column(name, (value) => typeof value === 'boolean', 'booleans') as boolean[];
  }

  /** Left out where all are 0, the first of the texts. */
  indexesInto(texts: readonly string[], name: string): number[] {
    const indexes = this.integersOrZeros(name);
    const outside = indexes.find((index) => index >= texts.length);
    if (outside !== undefined) throw malformed(name, `indexes below ${texts.length}`, outside);
    return indexes;
  }

  coordinateOrNull(name: string): Coordinate | null {
    return readCoordinate(name, this.fields[name]);
  }

  /** `{"<partition>":[offset,index]|null}` */
  coordinatesByPartition(name: string): Map<number, Coordinate | null> {
    const value = this.fields[name];
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw malformed(name, 'coordinates by partition', value);
    return new Map(
      Object.entries(value).map(([partition, coordinate]) => {
        if (!/^\d{1,9}$/.test(partition)) throw malformed(name, 'partitions', partition);
        return [Number(partition), readCoordinate(`${name}.${partition}`, coordinate)];
      }),
    );
  }

  #nullable(name: string, check: Check, wanted: string): unknown[] {
    if (!(name in this.fields)) return this.#filled(null);
    return this.#column(name, (value) => value === null || check(value), wanted);
  }

  #column(name: string, check: Check, wanted: string): unknown[] {
    const values = this.#array(name, check, wanted);
    if (values.length !== this.rows) throw malformed(name, `${this.rows} values (n)`, values);
    return values;
  }

  #array(name: string, check: Check, wanted: string): unknown[] {
    const values = this.fields[name];
    if (!Array.isArray(values)) throw malformed(name, `an array of ${wanted}`, values);
    for (let at = 0; at < values.length; at++) {
      if (!check(values[at])) throw malformed(`${name}[${at}]`, wanted, values[at]);
    }
    return values;
  }

  #filled<T>(value: T): T[] {
    return new Array<T>(this.rows).fill(value);
  }
}

function parseObject(value: Uint8Array | null): Fields {
  if (value === null)
    throw new MalformedMessageError('A tombstone where a message of the layer before should be');
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8');
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Fields;
  } catch {
    // Said below: for whoever reads it the text itself tells more than the parser's words.
  }
  throw new MalformedMessageError(`Not a message of the layer before: ${show(text)}`);
}

function readCoordinate(name: string, value: unknown): Coordinate | null {
  if (value === null) return null;
  if (!Array.isArray(value) || value.length !== 2 || !value.every(isCount))
    throw malformed(name, '[offset, index] or null', value);
  const [offset, index] = value as [number, number];
  return { offset, index };
}

export function malformed(field: string, wanted: string, found: unknown): MalformedMessageError {
  return new MalformedMessageError(
    `In a message of the layer before, ${field}: expected ${wanted}, found ${show(found)}`,
  );
}
