import {
  CursorParameter,
  InstantParameter,
  IntervalParameter,
  MAX_LIMIT,
  OneOfParameter,
  Optional,
} from '../http/parameters.js';
import { SymbolStretchQuery } from '../http/symbol-stretch.query.js';
import { parseBarCursor } from './bar-cursor.js';
import type { BarCursor } from './bar-cursor.js';

/** Bars of one symbol and interval that start in [from, to); times in µs since the epoch. */
export class BarsQuery extends SymbolStretchQuery {
  override limit = MAX_LIMIT;

  @IntervalParameter()
  interval!: string;

  /** As the lane's clock stood then: what was published later does not count. */
  @Optional()
  @InstantParameter("As the lane's clock stood then")
  as_of?: number;

  /** `current`: of each bar the highest revision; `all`: every one. */
  @Optional()
  @OneOfParameter('current', 'all')
  revisions: 'current' | 'all' = 'current';

  @Optional()
  @CursorParameter(parseBarCursor)
  cursor?: BarCursor;
}
