import { bronzeEvents } from '@engine/medallion';
import type { Check } from '../finding.js';
import type { Part } from '../parts/part.js';
import type { VerifyContext } from '../verify-context.js';

/** Every record is there once, and the decoder makes of its raw value what is stored. */
export const bronzeCheck: Check = {
  name: 'bronze decoded again',
  async *run(context) {
    yield* context.inParts(partitionsOf(context, false));
  },
};

export function partitionsOf(context: VerifyContext, withContents: boolean): readonly Part[] {
  if (!context.layers.includes('bronze')) return [];
  return context.chainsOf(bronzeEvents).map(({ lane }) => ({ kind: 'partition', lane, withContents }));
}
