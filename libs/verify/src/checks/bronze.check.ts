import { bronzeEvents } from '@engine/medallion';
import type { Check } from '../finding.js';
import type { Part } from '../parts/part.js';

/** Every record is there once, and the decoder makes of its raw value what is stored. */
export const bronzeCheck: Check = {
  name: 'bronze decoded again',
  async *run(context) {
    if (!context.layers.includes('bronze')) return;
    const parts = context.chainsOf(bronzeEvents).map(({ lane }): Part => ({ kind: 'partition', lane }));
    yield* context.inParts(parts);
  },
};
