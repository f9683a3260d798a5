export { MemoryPipeline, topics } from './testing/memory-pipeline.js';
export type { MemoryPipelineOptions } from './testing/memory-pipeline.js';
export { Life } from './testing/mortal.js';
