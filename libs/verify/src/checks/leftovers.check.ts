import { note } from '../finding.js';
import type { Check } from '../finding.js';
import { layerTables } from '../verify-context.js';

/** What a killed process was writing lies in a `_tmp` folder, where nobody reads. */
export const leftoversCheck: Check = {
  name: 'leftovers',
  async *run(context) {
    const tables = context.layers.flatMap((layer) => layerTables[layer]);
    for (const path of await context.lake.leftovers(tables, context.layers))
      yield note(
        path,
        'being written now, or left by a process that was killed: nothing reads it',
        'none needed: a start removes what is older than an hour',
      );
  },
};
