export { goldLayer } from './gold-layer.js';
export { allProvisional, takeProvisional } from './provisional.js';
export type { GoldSettings } from './settings.js';
export type { GoldState } from './state.js';
export type { BarState, BarUpdate, BasedOn, GoldUpdate, MetricsUpdate } from './update.js';
