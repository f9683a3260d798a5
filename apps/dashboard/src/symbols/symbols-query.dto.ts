import { CursorParameter, LimitParameter, MAX_LIMIT, Optional } from '../http/parameters.js';
import { parseSymbolCursor } from '../http/symbol-cursor.js';
import type { SymbolCursor } from '../http/symbol-cursor.js';

export class SymbolsQuery {
  @Optional()
  @LimitParameter()
  limit = MAX_LIMIT;

  @Optional()
  @CursorParameter(parseSymbolCursor)
  cursor?: SymbolCursor;
}
