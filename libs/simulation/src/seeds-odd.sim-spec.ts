import { describeSeeds } from './seeds.contract.js';

describeSeeds(1, 2);
