import { openLake } from '../open-lake.js';

/** What went into each layer and what became of it, counted in the lake. */
export interface Ledger {
  readonly lines: readonly string[];
  readonly isBalanced: boolean;
}

const COUNTS = `
  SELECT 'bronze' AS layer, verdict, count(*)::DOUBLE AS n FROM bronze_events GROUP BY verdict
  UNION ALL SELECT 'silver', verdict, count(*)::DOUBLE FROM silver_ticks GROUP BY verdict
  UNION ALL SELECT 'gold', 'accepted', coalesce(sum(ticks), 0)::DOUBLE FROM gold_bars_current
    WHERE "interval" = (SELECT min("interval") FROM gold_bars_current)
  ORDER BY layer, verdict`;

/** Counts ticks by layer and verdict: what bronze accepts is silver's input, what silver accepts is gold's. */
export async function readLedger(folder: string): Promise<Ledger> {
  const reader = await openLake(folder);
  try {
    const rows = (await reader.query(COUNTS)) as unknown as readonly {
      layer: string;
      verdict: string;
      n: number;
    }[];
    return balance(rows);
  } finally {
    reader.close();
  }
}

function balance(rows: readonly { layer: string; verdict: string; n: number }[]): Ledger {
  const count = (layer: string, verdict?: string): number =>
    rows
      .filter((row) => row.layer === layer && (verdict ?? row.verdict) === row.verdict)
      .reduce((sum, row) => sum + row.n, 0);
  const lines = ['bronze', 'silver', 'gold'].map((layer) => {
    const verdicts = rows.filter((row) => row.layer === layer).map((row) => `${row.verdict} ${row.n}`);
    return `${layer.padEnd(7)} in ${count(layer)} = ${verdicts.join(' + ') || '0'}`;
  });
  const isBalanced =
    count('bronze', 'accepted') === count('silver') && count('silver', 'accepted') === count('gold');
  return {
    lines: [...lines, isBalanced ? 'The ledger balances.' : 'THE LEDGER DOES NOT BALANCE.'],
    isBalanced,
  };
}
