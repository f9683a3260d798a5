import { bronzePartition } from '../checks/bronze-partition.js';
import type { Finding } from '../finding.js';
import { RecomputedLane } from '../lanes/recomputed-lane.js';
import type { LedgerLine } from '../ledger.js';
import { unlessUnreadable } from '../rows/unless-unreadable.js';
import type { VerifyContext } from '../verify-context.js';

/** Work that needs nothing of its siblings: bronze's rows of one partition, or silver's and gold's of one lane. */
export interface Part {
  readonly kind: 'partition' | 'lane';
  readonly lane: number;
}

/** Plain data: it may come from another thread. */
export interface PartResult {
  readonly findings: readonly Finding[];
  readonly ledger: readonly LedgerLine[];
}

/** Does parts, each once, and gives what they found in the order of the parts, whichever is ready first. */
export interface PartRunner {
  run(context: VerifyContext, parts: readonly Part[]): AsyncIterable<PartResult>;
  close(): Promise<void>;
}

/** One after the other, in this thread. */
export const inThisThread: PartRunner = {
  async *run(context, parts) {
    for (const part of parts) yield await resultOf(context, part);
  },
  close: () => Promise.resolve(),
};

export async function resultOf(context: VerifyContext, part: Part): Promise<PartResult> {
  const ledger: LedgerLine[] = [];
  const findings: Finding[] = [];
  for await (const finding of findingsOf(context, part, ledger)) findings.push(finding);
  return { findings, ledger };
}

function findingsOf(
  context: VerifyContext,
  { kind, lane }: Part,
  ledger: LedgerLine[],
): AsyncIterable<Finding> {
  if (kind === 'partition')
    return unlessUnreadable(`partition ${lane} of bronze`, bronzePartition(context, lane, ledger));
  const layers = context.layers.filter((layer) => layer !== 'bronze').join(' and ');
  return unlessUnreadable(`lane=${lane} of ${layers}`, new RecomputedLane(context, lane, ledger).run());
}
