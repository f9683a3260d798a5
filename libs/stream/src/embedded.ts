export { EmbeddedLog } from './embedded/embedded-log.js';
export type { EmbeddedLogOptions } from './embedded/embedded-log.js';
