export { LANE_TRANSPORT, LaneHandler } from './nest/lane-handler.decorator.js';
export { LaneServer } from './nest/lane-server.js';
export type { LaneBinding, LaneLifecycle, LaneServerOptions } from './nest/lane-server.js';
export { DuplicateHandlerError, MissingHandlerError, UnknownLaneError } from './nest/lane-server.errors.js';
export { RethrowFilter } from './nest/rethrow.filter.js';
