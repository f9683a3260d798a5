import {
  CursorParameter,
  InstantParameter,
  LimitParameter,
  Optional,
  OrderParameter,
  SymbolParameter,
} from '../http/parameters.js';
import type { Order } from '../http/parameters.js';

/** Behind the window that starts there, µs since the epoch. */
export interface WindowCursor {
  readonly start: number;
}

export const parseWindowCursor = (text: string): WindowCursor | undefined =>
  /^(\d{1,15}|[1-8]\d{15})$/.test(text) ? { start: Number(text) } : undefined;

/** Windows of one symbol that start in [from, to). */
export class WindowsQuery {
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

  @Optional()
  @CursorParameter(parseWindowCursor)
  cursor?: WindowCursor;
}
