export { LakeMaker, testSettings } from './testing/lake-maker.js';
export type { Alter, LakeMakerOptions } from './testing/lake-maker.js';
export { marketMessages } from './testing/market-messages.js';
