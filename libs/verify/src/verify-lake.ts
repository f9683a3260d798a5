import { LakeInspector } from '@engine/lake';
import type { LayerName } from '@engine/medallion';
import { chainsCheck } from './checks/chains.check.js';
import { leftoversCheck } from './checks/leftovers.check.js';
import { rowsCheck } from './checks/rows.check.js';
import { snapshotsCheck } from './checks/snapshots.check.js';
import type { Check, Finding } from './finding.js';
import type { LedgerLine } from './ledger.js';
import { inThisThread } from './parts/part.js';
import { WorkerPool } from './parts/worker-pool.js';
import { VerifyContext } from './verify-context.js';
import type { VerifySettings } from './verify-context.js';

export interface VerifyOptions {
  /** The lake's root, which must be there. */
  readonly folder: string;
  /** Which layers to look at; default all. A layer is recomputed from those before it, whichever are looked at. */
  readonly layers?: readonly LayerName[];
  readonly settings: VerifySettings;
  /** How many threads share the partitions and lanes; default 1, this one alone. More need the built library. */
  readonly threads?: number;
  /** Told of each finding as it is made. */
  readonly onFinding?: (finding: Finding) => void;
}

export interface Verification {
  /** True when nothing is damaged. */
  readonly holds: boolean;
  readonly findings: readonly Finding[];
  readonly ledger: readonly LedgerLine[];
}

/** In this order. */
export const checks: readonly Check[] = [chainsCheck, snapshotsCheck, leftoversCheck, rowsCheck];

/**
 * Looks after everything the lake promises: chains, content hashes, the ledger, and that silver and gold are what bronze leads
 * to. Reads only; the engine may run meanwhile, it is then judged as it was at the start. Memory does not grow with the lake.
 */
export async function verifyLake(options: VerifyOptions): Promise<Verification> {
  const { folder, settings, layers = ['bronze', 'silver', 'gold'], threads = 1, onFinding } = options;
  const lake = await LakeInspector.open({ folder, memoryLimit: '1GB', threads: 2 });
  const parts = threads > 1 ? new WorkerPool(folder, threads) : inThisThread;
  try {
    const context = await VerifyContext.open(lake, settings, layers, parts);
    const findings: Finding[] = [];
    for (const check of checks) {
      for await (const finding of check.run(context)) {
        findings.push(finding);
        onFinding?.(finding);
      }
    }
    const holds = findings.every(({ severity }) => severity !== 'damage');
    return { holds, findings, ledger: context.ledger.lines() };
  } finally {
    await parts.close();
    lake.close();
  }
}
