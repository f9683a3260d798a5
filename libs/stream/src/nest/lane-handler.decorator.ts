import { UseFilters, applyDecorators } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { RethrowFilter } from './rethrow.filter.js';

/** Marks what belongs to `LaneServer`, so that other transports of an app leave it alone. */
export const LANE_TRANSPORT = Symbol('engine.lanes');

/** The one of its overloads that is a plain `MethodDecorator`. */
const eventPattern: (topic: string, transport: symbol) => MethodDecorator = EventPattern;

/**
 * Marks the method that receives the batches (`LogBatch`) of a topic, and resolves when a batch is dealt with. What it
 * throws reaches the consumer as it is. `topic` is the name without the deployment's prefix; the server knows the real one.
 */
export function LaneHandler(topic: string): MethodDecorator {
  return applyDecorators(eventPattern(topic, LANE_TRANSPORT), UseFilters(RethrowFilter));
}
