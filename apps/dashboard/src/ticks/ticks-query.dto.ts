import { CursorParameter, OneOfParameter, Optional } from '../http/parameters.js';
import { SymbolStretchQuery } from '../http/symbol-stretch.query.js';
import { parseTickCursor } from './tick-cursor.js';
import type { TickCursor } from './tick-cursor.js';

/** Ticks of one symbol with event times in [from, to), ordered by (event time, lane offset, lane index). */
export class TicksQuery extends SymbolStretchQuery {
  @Optional()
  @OneOfParameter('accepted', 'duplicate', 'late', 'future', 'too_many_symbols')
  verdict?: string;

  @Optional()
  @CursorParameter(parseTickCursor)
  cursor?: TickCursor;
}
