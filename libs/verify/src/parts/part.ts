import type { InspectedChain } from '@engine/lake';
import { bronzePartition } from '../checks/bronze-partition.js';
import type { Finding } from '../finding.js';
import { RecomputedLane } from '../lanes/recomputed-lane.js';
import type { LedgerLine } from '../ledger.js';
import { isReadError, unlessUnreadable } from '../rows/unless-unreadable.js';
import { WatchedRows } from '../rows/watched-rows.js';
import { layerTables } from '../verify-context.js';
import type { VerifyContext } from '../verify-context.js';

/** Work that needs nothing of its siblings: bronze's rows of one partition, or silver's and gold's of one lane. */
export interface Part {
  readonly kind: 'partition' | 'lane';
  readonly lane: number;
  /**
   * Whether nothing is known of its files' contents: they are looked after too, and where they do not hold what else was found is
   * worth nothing.
   */
  readonly withContents: boolean;
}

/** Plain data: it may come from another thread. */
export interface PartResult {
  readonly findings: readonly Finding[];
  readonly ledger: readonly LedgerLine[];
  /** False only of a part with contents. */
  readonly contentsHold: boolean;
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

/** The chains whose rows a part looks after. */
export function chainsOf(
  context: VerifyContext,
  { kind, lane }: Omit<Part, 'withContents'>,
): InspectedChain[] {
  const layers = context.layers.filter((layer) => (layer === 'bronze') === (kind === 'partition'));
  return layers.flatMap((layer) => layerTables[layer]).flatMap((table) => context.chain(table, lane) ?? []);
}

/** How many rows that is. */
export const rowsOf = (context: VerifyContext, part: Part): number =>
  chainsOf(context, part)
    .flatMap(({ walk }) => walk.segments)
    .reduce((sum, { footer }) => sum + footer.rows, 0);

export async function resultOf(context: VerifyContext, part: Part): Promise<PartResult> {
  if (!part.withContents) return { ...(await collected(context, part)), contentsHold: true };
  const rows = new WatchedRows(context.lake, chainsOf(context, part));
  try {
    const found = await collected(context.reading(rows), part);
    return { ...found, contentsHold: await rows.hold() };
  } catch (error) {
    if (!isReadError(error)) throw error;
    return { findings: [], ledger: [], contentsHold: false };
  }
}

async function collected(
  context: VerifyContext,
  { kind, lane, withContents }: Part,
): Promise<Omit<PartResult, 'contentsHold'>> {
  const ledger: LedgerLine[] = [];
  const made =
    kind === 'partition'
      ? bronzePartition(context, lane, ledger)
      : new RecomputedLane(context, lane, ledger).run();
  const layers = context.layers.filter((layer) => layer !== 'bronze').join(' and ');
  const where = kind === 'partition' ? `partition ${lane} of bronze` : `lane=${lane} of ${layers}`;
  const findings: Finding[] = [];
  for await (const finding of withContents ? made : unlessUnreadable(where, made)) findings.push(finding);
  return { findings, ledger };
}
