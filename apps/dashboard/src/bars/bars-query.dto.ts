import {
  CursorParameter,
  InstantParameter,
  IntervalParameter,
  LimitParameter,
  MAX_LIMIT,
  OneOfParameter,
  Optional,
  OrderParameter,
  SymbolParameter,
} from '../http/parameters.js';
import type { Order } from '../http/parameters.js';
import { parseBarCursor } from './bar-cursor.js';
import type { BarCursor } from './bar-cursor.js';

/** Bars of one symbol and interval that start in [from, to); times in µs since the epoch. */
export class BarsQuery {
  @SymbolParameter()
  symbol!: string;

  @IntervalParameter()
  interval!: string;

  @Optional()
  @InstantParameter()
  from?: number;

  @Optional()
  @InstantParameter()
  to?: number;

  @Optional()
  @LimitParameter()
  limit = MAX_LIMIT;

  /** As the lane's clock stood then: what was published later does not count. */
  @Optional()
  @InstantParameter("As the lane's clock stood then")
  as_of?: number;

  /** `current`: of each bar the highest revision; `all`: every one. */
  @Optional()
  @OneOfParameter('current', 'all')
  revisions: 'current' | 'all' = 'current';

  @Optional()
  @OrderParameter()
  order: Order = 'asc';

  @Optional()
  @CursorParameter(parseBarCursor)
  cursor?: BarCursor;
}
