import { damage } from '../finding.js';
import type { Check } from '../finding.js';
import { rebuildChain } from '../remedies.js';

/** Each file's rows are as many and as they were when it was written. */
export const contentsCheck: Check = {
  name: 'contents',
  async *run(context) {
    for (const { folder, walk } of context.allChains) {
      const footers = new Map(walk.segments.map(({ path, footer }) => [path, footer]));
      for await (const found of context.lake.contents(walk.segments)) {
        const footer = footers.get(found.path);
        if ('error' in found) {
          context.unreadable.add(found.path);
          yield damage(found.path, `its rows cannot be read: ${found.error}`, rebuildChain(folder));
        } else if (found.rows !== footer?.rows) {
          context.unreadable.add(found.path);
          yield damage(
            found.path,
            `it has ${found.rows} rows, its footer says ${footer?.rows ?? 0}`,
            rebuildChain(folder),
          );
        } else if (found.content !== footer.content) {
          yield damage(
            found.path,
            `the content hash of its rows is ${found.content}, its footer says ${footer.content}`,
            rebuildChain(folder),
          );
        }
      }
    }
  },
};
