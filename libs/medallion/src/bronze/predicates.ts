import { parsePrice, parseSide, parseSize, parseSource, parseTicker, parseTradeId } from './fields.js';
import { parseTimestamp } from './timestamp.js';

/* Questions about a value that is present: what the parsers accept, for validators that only want a yes or no. */
export const isTicker = (value: unknown): boolean => parseTicker(value) !== undefined;
export const isPrice = (value: unknown): boolean => parsePrice(value) !== undefined;
export const isTimestamp = (value: unknown): boolean => parseTimestamp(value) !== undefined;
export const isSize = (value: unknown): boolean => parseSize(value) !== undefined;
export const isSide = (value: unknown): boolean => parseSide(value) !== undefined;
export const isTradeId = (value: unknown): boolean => parseTradeId(value) !== undefined;
export const isSource = (value: unknown): boolean => parseSource(value) !== undefined;
