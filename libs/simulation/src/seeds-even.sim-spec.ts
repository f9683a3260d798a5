import { describeSeeds } from './seeds.contract.js';

describeSeeds(2, 2);
