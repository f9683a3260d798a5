import { isTicker, parseTimestamp } from '@engine/medallion';
import { parseBarInterval } from '@engine/window';
import { ApiProperty } from '@nestjs/swagger';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional, ValidateBy } from 'class-validator';

/** The most rows of one answer. */
export const MAX_LIMIT = 5000;

const all =
  (...decorators: readonly PropertyDecorator[]): PropertyDecorator =>
  (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };

const Valid = (isValid: (value: unknown) => boolean, detail: string): PropertyDecorator =>
  ValidateBy({ name: 'parameter', validator: { validate: isValid, defaultMessage: () => detail } });

/** Turns text into a value; what is no text (a parameter given twice) or cannot be read stays and is refused. */
const Parsed = (parse: (text: string) => unknown): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? (parse(value) ?? value) : value));

/** How OpenAPI describes it: whatever the value becomes here, it arrives as text. */
const Described = (options: ApiPropertyOptions): PropertyDecorator => ApiProperty(options);

const isOneTicker = (value: unknown): boolean =>
  typeof value === 'string' && value === value.trim() && isTicker(value);

function isOneInterval(value: unknown): boolean {
  try {
    return typeof value === 'string' && parseBarInterval(value).sizeUs > 0;
  } catch {
    return false;
  }
}

export const Optional = (): PropertyDecorator => all(IsOptional(), Described({ required: false }));

export const SymbolParameter = (): PropertyDecorator =>
  all(
    Valid(isOneTicker, 'give one symbol, such as AAPL'),
    Described({ type: 'string', maxLength: 32, example: 'AAPL' }),
  );

export const IntervalParameter = (): PropertyDecorator =>
  all(
    Valid(isOneInterval, 'give one interval that divides a day, such as 1m'),
    Described({ type: 'string', pattern: '^[1-9][0-9]*[smhd]$', example: '1m' }),
  );

/** `a,b,c`: from 1 to `most` different entries. */
const Entries = (isEntry: (entry: unknown) => boolean, most: number, detail: string): PropertyDecorator =>
  all(
    Parsed((text) => text.split(',')),
    Valid(
      (value) =>
        Array.isArray(value) &&
        value.length <= most &&
        new Set(value).size === value.length &&
        value.every(isEntry),
      detail,
    ),
    Described({ type: 'string', description: detail }),
  );

export const SymbolsParameter = (most: number): PropertyDecorator =>
  Entries(isOneTicker, most, `give different symbols, at most ${most}, as A,B,C`);

export const IntervalsParameter = (most: number): PropertyDecorator =>
  Entries(isOneInterval, most, `give different intervals, at most ${most}, as 1m,1h`);

/** An instant, read as µs since the epoch. */
export const InstantParameter = (description?: string): PropertyDecorator =>
  all(
    Parsed((text) => (text.includes('T') ? parseTimestamp(text) : undefined)),
    Valid(
      (value) => typeof value === 'number',
      'give a time in ISO-8601 with a zone, such as 2024-03-01T09:30:00Z',
    ),
    Described({ type: 'string', format: 'date-time', ...(description && { description }) }),
  );

export const LimitParameter = (most = MAX_LIMIT): PropertyDecorator =>
  all(
    Parsed((text) => (/^\d{1,6}$/.test(text) ? Number(text) : undefined)),
    Valid(
      (value) => typeof value === 'number' && value >= 1 && value <= most,
      `give a whole number from 1 to ${most}`,
    ),
    Described({ type: 'integer', minimum: 1, maximum: most }),
  );

export const OneOfParameter = (...names: readonly string[]): PropertyDecorator =>
  all(
    Valid((value) => names.some((name) => name === value), `give one of ${names.join(', ')}`),
    Described({ type: 'string', enum: [...names] }),
  );

/** The direction of a list in time, and so of its pages: `desc` is how to scroll back from the newest. */
export type Order = 'asc' | 'desc';
export const OrderParameter = (): PropertyDecorator => OneOfParameter('asc', 'desc');

/** The `next` of the page before, read by `parse`. */
export const CursorParameter = (parse: (text: string) => object | undefined): PropertyDecorator =>
  all(
    Parsed(parse),
    Valid(
      (value) => typeof value === 'object' && !Array.isArray(value),
      'give the "next" of the page before, as it was',
    ),
    Described({ type: 'string', description: 'The "next" of the page before' }),
  );

/** A word of our own vocabulary, such as `bad_price`: one that does not exist finds nothing. */
export const ReasonParameter = (): PropertyDecorator =>
  all(
    Valid(
      (value) => typeof value === 'string' && /^[a-z_]{1,32}$/.test(value),
      'give one reason, such as bad_price',
    ),
    Described({ type: 'string', pattern: '^[a-z_]{1,32}$', example: 'bad_price' }),
  );
