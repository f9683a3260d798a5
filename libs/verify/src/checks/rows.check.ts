import type { Check, Finding } from '../finding.js';
import { chainsOf } from '../parts/part.js';
import type { PartResult } from '../parts/part.js';
import { holds } from '../rows/watched-rows.js';
import type { VerifyContext } from '../verify-context.js';
import { bronzeCheck, partitionsOf } from './bronze.check.js';
import { contentsCheck } from './contents.check.js';
import { lanesCheck, lanesOf, unseenDamage } from './lanes.check.js';

/**
 * All that is promised of rows, with one look at each file: contents are hashed while rows are compared. Only where some file
 * is not as it was written, which the rest then follows from, the checks run one after the other, to say what is wrong with it.
 */
export const rowsCheck: Check = {
  name: 'rows',
  async *run(context) {
    const found = await atOnce(context);
    if (found !== undefined) yield* found;
    else for (const check of [contentsCheck, bronzeCheck, lanesCheck]) yield* check.run(context);
  },
};

/** What there is to say if all files are as they were written; else undefined. */
async function atOnce(context: VerifyContext): Promise<readonly Finding[] | undefined> {
  const partitions = partitionsOf(context, true);
  const parts = [...partitions, ...lanesOf(context, true)];
  const seen = new Set(parts.flatMap((part) => chainsOf(context, part)));
  const unseen = context.allChains.filter((chain) => !seen.has(chain));
  if (
    !(await holds(
      context.lake,
      unseen.flatMap(({ walk }) => walk.segments),
    ))
  )
    return undefined;
  const results: PartResult[] = [];
  for await (const result of context.results(parts)) {
    if (!result.contentsHold) return undefined;
    results.push(result);
  }
  const findings = results.map((result) => context.take(result));
  findings.splice(partitions.length, 0, [...unseenDamage(context)]);
  return findings.flat();
}
