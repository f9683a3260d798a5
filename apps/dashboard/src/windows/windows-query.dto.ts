import { CursorParameter, Optional } from '../http/parameters.js';
import { SymbolStretchQuery } from '../http/symbol-stretch.query.js';

/** Behind the window that starts there, µs since the epoch. */
export interface WindowCursor {
  readonly start: number;
}

export const parseWindowCursor = (text: string): WindowCursor | undefined =>
  /^(\d{1,15}|[1-8]\d{15})$/.test(text) ? { start: Number(text) } : undefined;

/** Windows of one symbol that start in [from, to). */
export class WindowsQuery extends SymbolStretchQuery {
  @Optional()
  @CursorParameter(parseWindowCursor)
  cursor?: WindowCursor;
}
