import { addContents } from './content.js';
import type { SegmentFooter } from './ports.js';

/** The footer of one segment in the place of several that follow on each other: what was true at the last one's cut. */
export function mergedFooter(footers: readonly SegmentFooter[]): SegmentFooter {
  const [first, last] = [footers[0], footers.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('Nothing to merge');
  return {
    ...last,
    first: first.first,
    rows: footers.reduce((sum, { rows }) => sum + rows, 0),
    content: addContents(footers.map(({ content }) => content)),
  };
}
