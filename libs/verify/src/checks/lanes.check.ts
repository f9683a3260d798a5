import { layerTables } from '../verify-context.js';
import type { VerifyContext } from '../verify-context.js';
import { note } from '../finding.js';
import type { Check, Finding } from '../finding.js';
import type { Part } from '../parts/part.js';

/** Silver and gold are what their layers make of bronze. */
export const lanesCheck: Check = {
  name: 'silver and gold recomputed',
  async *run(context) {
    yield* unseenDamage(context);
    yield* context.inParts(lanesOf(context, false));
  },
};

export function lanesOf(context: VerifyContext, withContents: boolean): readonly Part[] {
  if (context.layers.every((layer) => layer === 'bronze')) return [];
  const tables = [...layerTables.silver, ...layerTables.gold];
  const lanes = new Set(tables.flatMap((table) => context.chainsOf(table).map(({ lane }) => lane)));
  return [...lanes]
    .filter((lane) => lane < context.lanes)
    .sort((one, other) => one - other)
    .map((lane) => ({ kind: 'lane', lane, withContents }));
}

/** Of the layers that are only read here, because those that are looked at follow from them. */
export function* unseenDamage(context: VerifyContext): Generator<Finding> {
  if (context.layers.every((layer) => layer === 'bronze')) return;
  const before = (['bronze', 'silver'] as const).filter((layer) => !context.layers.includes(layer));
  for (const table of before.flatMap((layer) => layerTables[layer]))
    for (const { file } of context.chainsOf(table).flatMap(({ damaged }) => damaged))
      yield note(
        file,
        'it is damaged: what follows from it is not judged',
        'verify all layers, without --layer',
      );
}
