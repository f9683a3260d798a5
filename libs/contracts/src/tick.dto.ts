import {
  explainField,
  isAbsent,
  isPrice,
  isSide,
  isSize,
  isSource,
  isTicker,
  isTickFields,
  isTimestamp,
  isTradeId,
  sizeOf,
  tickerOf,
} from '@engine/medallion';
import type { FieldRefusal, TickFields } from '@engine/medallion';
import { ValidateBy, validateSync } from 'class-validator';

type Predicate = (value: unknown) => boolean;

/** A field that must be there: `accepts` judges what it holds. */
const Required = (missing: FieldRefusal, bad: FieldRefusal, accepts: Predicate): PropertyDecorator =>
  ValidateBy({
    name: bad,
    validator: {
      validate: (value: unknown) => !isAbsent(value) && accepts(value),
      defaultMessage: (args) => explainField(isAbsent(args?.value) ? missing : bad, args?.value),
    },
  });

/** A field that may be absent or null. */
const Optional = (bad: FieldRefusal, accepts: Predicate): PropertyDecorator =>
  ValidateBy({
    name: bad,
    validator: {
      validate: (value: unknown) => isAbsent(value) || accepts(value),
      defaultMessage: (args) => explainField(bad, args?.value),
    },
  });

/**
 * A tick of `stock-ticks` for class-validator. The rule is that of the hot path, predicate by predicate; here every problem
 * is reported, not only the first, in words that name the field, the value and the remedy.
 */
export class TickDto {
  @Required('missing_ticker', 'bad_ticker', isTicker)
  ticker: unknown;

  @Required('missing_price', 'bad_price', isPrice)
  price: unknown;

  @Required('missing_timestamp', 'bad_timestamp', isTimestamp)
  timestamp: unknown;

  @Optional('bad_size', isSize)
  size: unknown;

  @Optional('bad_side', isSide)
  side: unknown;

  @Optional('bad_id', isTradeId)
  id: unknown;

  @Optional('bad_source', isSource)
  source: unknown;

  /** Takes the fields of a tick, aliases resolved, and nothing else: neither `__proto__` nor deep nesting does harm. */
  static from(fields: TickFields): TickDto {
    const dto = new TickDto();
    dto.ticker = tickerOf(fields);
    dto.price = fields.price;
    dto.timestamp = fields.timestamp;
    dto.size = sizeOf(fields);
    dto.side = fields.side;
    dto.id = fields.id;
    dto.source = fields.source;
    return dto;
  }
}

/** Everything that is wrong with a tick, in words; empty when it is valid. */
export function tickProblems(value: unknown): string[] {
  if (!isTickFields(value)) return ['a tick is a JSON object'];
  const errors = validateSync(TickDto.from(value), { validationError: { target: false } });
  return errors.flatMap((error) => Object.values(error.constraints ?? {}));
}
