import { CursorParameter, LimitParameter, Optional } from '../http/parameters.js';
import { parseSymbolCursor } from '../http/symbol-cursor.js';
import type { SymbolCursor } from '../http/symbol-cursor.js';

export class SymbolsQuery {
  @Optional()
  @LimitParameter()
  limit = 1000;

  @Optional()
  @CursorParameter(parseSymbolCursor)
  cursor?: SymbolCursor;
}
