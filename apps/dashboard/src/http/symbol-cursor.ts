/** A place in a list that is ordered by symbol: behind this one. */
export interface SymbolCursor {
  readonly after: string;
}

export const encodeSymbolCursor = (symbol: string): string => Buffer.from(symbol).toString('base64url');

export function parseSymbolCursor(text: string): SymbolCursor | undefined {
  const after = Buffer.from(text, 'base64url').toString();
  return after !== '' && encodeSymbolCursor(after) === text ? { after } : undefined;
}
