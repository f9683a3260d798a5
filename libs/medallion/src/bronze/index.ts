export { decodeEvents, decodeRows } from './decode-events.js';
export type { BronzeOutput, RawRecord } from './decode-events.js';
export { explainField, MAX_MESSAGE_BYTES, MAX_MESSAGE_TICKS } from './explain.js';
export {
  isAbsent,
  parsePrice,
  parseSide,
  parseSize,
  parseSource,
  parseTicker,
  parseTradeId,
} from './fields.js';
export { isPrice, isSide, isSize, isSource, isTicker, isTimestamp, isTradeId } from './predicates.js';
export { BASE64_PREFIX, rawBytes, rawText } from './raw-text.js';
export { fieldRefusals, messageRefusals } from './refusal.js';
export type {
  BronzeVerdict,
  FieldRefusal,
  MessageRefusal,
  Refusal,
  RefusalReason,
  TickField,
} from './refusal.js';
export { isTickFields, parseTick, sizeOf, tickerOf, UNKNOWN_SOURCE } from './tick.js';
export type { ParsedTick, Tick, TickFields } from './tick.js';
export { parseTimestamp } from './timestamp.js';
