import { InstantParameter, LimitParameter, Optional, OrderParameter, SymbolParameter } from './parameters.js';
import type { Order } from './parameters.js';

/** What one symbol has in [from, to), in µs since the epoch, in the order of time. */
export class SymbolStretchQuery {
  @SymbolParameter()
  symbol!: string;

  @Optional()
  @InstantParameter()
  from?: number;

  @Optional()
  @InstantParameter()
  to?: number;

  @Optional()
  @LimitParameter()
  limit = 1000;

  @Optional()
  @OrderParameter()
  order: Order = 'asc';
}
