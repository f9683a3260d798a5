import {
  CursorParameter,
  InstantParameter,
  LimitParameter,
  OneOfParameter,
  Optional,
  OrderParameter,
  SymbolParameter,
} from '../http/parameters.js';
import type { Order } from '../http/parameters.js';
import { parseTickCursor } from './tick-cursor.js';
import type { TickCursor } from './tick-cursor.js';

/** Ticks of one symbol with event times in [from, to), ordered by (event time, lane offset, lane index). */
export class TicksQuery {
  @SymbolParameter()
  symbol!: string;

  @Optional()
  @InstantParameter()
  from?: number;

  @Optional()
  @InstantParameter()
  to?: number;

  @Optional()
  @OneOfParameter('accepted', 'duplicate', 'late', 'future', 'too_many_symbols')
  verdict?: string;

  @Optional()
  @LimitParameter()
  limit = 1000;

  @Optional()
  @OrderParameter()
  order: Order = 'asc';

  @Optional()
  @CursorParameter(parseTickCursor)
  cursor?: TickCursor;
}
