import { isTicker, parseTimestamp } from '@engine/medallion';
import { parseBarInterval } from '@engine/window';
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

export const Optional = (): PropertyDecorator => IsOptional();

export const SymbolParameter = (): PropertyDecorator =>
  Valid(
    (value) => typeof value === 'string' && value === value.trim() && isTicker(value),
    'give one symbol, such as AAPL',
  );

export const IntervalParameter = (): PropertyDecorator =>
  Valid((value) => {
    try {
      return typeof value === 'string' && parseBarInterval(value).sizeUs > 0;
    } catch {
      return false;
    }
  }, 'give one interval that divides a day, such as 1m');

/** An instant, read as µs since the epoch. */
export const InstantParameter = (): PropertyDecorator =>
  all(
    Parsed((text) => (text.includes('T') ? parseTimestamp(text) : undefined)),
    Valid(
      (value) => typeof value === 'number',
      'give a time in ISO-8601 with a zone, such as 2024-03-01T09:30:00Z',
    ),
  );

export const LimitParameter = (): PropertyDecorator =>
  all(
    Parsed((text) => (/^\d{1,6}$/.test(text) ? Number(text) : undefined)),
    Valid(
      (value) => typeof value === 'number' && value >= 1 && value <= MAX_LIMIT,
      `give a whole number from 1 to ${MAX_LIMIT}`,
    ),
  );

export const OneOfParameter = (...names: readonly string[]): PropertyDecorator =>
  Valid((value) => names.some((name) => name === value), `give one of ${names.join(', ')}`);

/** The `next` of the page before, read by `parse`. */
export const CursorParameter = (parse: (text: string) => object | undefined): PropertyDecorator =>
  all(
    Parsed(parse),
    Valid(
      (value) => typeof value === 'object' && !Array.isArray(value),
      'give the "next" of the page before, as it was',
    ),
  );
