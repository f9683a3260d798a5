export * from './bar-interval.js';
export * from './due-queue.js';
export * from './durations.js';
export * from './lane-clock.js';
export * from './mean-and-deviation.js';
export * from './open-ends.js';
export * from './revision-book.js';
export * from './sliding-windows.js';
export type { Span, SpanPhase, SymbolSpans } from './span.js';
