export type { SilverSettings } from './settings.js';
export { silverLayer } from './silver-layer.js';
export { closingMarkerUs, nextCloseUs } from './state.js';
export type { SilverState } from './state.js';
export type { SilverVerdict } from './verdict.js';
