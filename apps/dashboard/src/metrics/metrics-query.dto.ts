import { CursorParameter, LimitParameter, MAX_LIMIT, Optional, SymbolParameter } from '../http/parameters.js';
import { parseSymbolCursor } from '../http/symbol-cursor.js';
import type { SymbolCursor } from '../http/symbol-cursor.js';

/** The newest metrics of one symbol, or of all. */
export class MetricsQuery {
  @Optional()
  @SymbolParameter()
  symbol?: string;

  @Optional()
  @LimitParameter()
  limit = MAX_LIMIT;

  @Optional()
  @CursorParameter(parseSymbolCursor)
  cursor?: SymbolCursor;
}
