export { ensureTopics } from './ensure-topics.js';
export { LayerAppModule } from './layer-app.module.js';
export { LayerWork } from './layer-definition.js';
export type { LayerDefinition } from './layer-definition.js';
export { runLayer } from './run-layer.js';
