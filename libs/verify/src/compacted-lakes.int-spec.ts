import { LakeUpkeep } from '@engine/lake';
import type { UpkeepRules } from '@engine/lake';
import { goldBars, goldMetrics, silverTicks, silverWindows } from '@engine/medallion';
import type { TableBatch, TableSchema } from '@engine/medallion';
import type { Alter } from './testing/lake-maker.js';
import { filesOf, makeLake, verified, withFolder } from './testing/made-lake.js';

const compaction = { maxBytes: 1e12, maxAgeMs: 1e12, minFiles: 2 };
const LAYERS = ['bronze', 'silver', 'gold'];

/** Does what is due in every chain, at once and without grace. */
async function tend(
  folder: string,
  rules: Partial<UpkeepRules> = {},
  layers: readonly string[] = LAYERS,
): Promise<void> {
  for (const layer of layers) {
    const upkeep = await LakeUpkeep.open({
      folder,
      layer,
      rules: { compaction, retentionMs: null, graceMs: 0, ...rules },
    });
    for (const table of upkeep.tables)
      for (const lane of [0, 1]) {
        await upkeep.tend(table, lane);
        await upkeep.tend(table, lane);
      }
    upkeep.close();
  }
}

describe('verify, of a lake that was compacted', () => {
  it('holds, with one file a chain', async () => {
    await withFolder(async (folder) => {
      await makeLake({ folder });
      const before = await verified(folder);
      await tend(folder);
      expect(await filesOf(folder, goldBars, 0)).toHaveLength(1);
      expect(await filesOf(folder, silverTicks, 0)).toHaveLength(1);
      const { findings, ledger } = await verified(folder);
      expect(findings).toEqual([]);
      expect(ledger).toEqual(before.ledger);
    });
  });

  it.each([
    { table: silverTicks, column: 'sma' },
    { table: silverWindows, column: 'last_offset' },
    { table: goldBars, column: 'vwap' },
    { table: goldMetrics, column: 'max_drawdown' },
  ])('finds a value of $table.name, $column, that was changed before', async ({ table, column }) => {
    await withFolder(async (folder) => {
      await makeLake({ folder, alter: once(table, column), recordsASegment: 600 });
      await tend(folder);
      const { findings } = await verified(folder);
      const damages = findings.filter(({ severity }) => severity === 'damage');
      expect(damages.some(({ where }) => where.includes(`${table.name}/lane=0/`))).toBe(true);
      expect(damages.every(({ what }) => what.includes('recomputed from bronze'))).toBe(true);
    });
  });
});

describe('verify, of a lake whose oldest rows were retired', () => {
  /** The beginning becomes one compacted segment, and goes once another one follows. */
  async function retired(layers: readonly string[], folder: string): Promise<void> {
    await makeLake({ folder });
    await tend(folder, { compaction: { ...compaction, maxBytes: 1 } }, layers);
    await tend(folder, { compaction: { ...compaction, maxBytes: 1 } }, layers);
    await tend(folder, { retentionMs: 0 }, layers);
  }

  it.each([['bronze'], ['silver'], ['gold'], ['bronze, silver, gold']])(
    'finds no damage: %s',
    async (names) => {
      await withFolder(async (folder) => {
        await retired(names.split(', '), folder);
        const { findings, holds } = await verified(folder);
        expect(findings.filter(({ severity }) => severity === 'damage')).toEqual([]);
        expect(holds).toBe(true);
        expect(findings.some(({ what }) => /any more|floor/.test(what))).toBe(true);
      });
    },
  );
});

/** Adds one to a value of the second batch of a table in lane 0. */
function once(table: TableSchema, column: string): Alter {
  let seen = 0;
  return (name, lane, batch) =>
    name === table.name && lane === 0 && batch.rows > 1 && ++seen === 2 ? plusOne(batch, column) : batch;
}

function plusOne(batch: TableBatch, name: string): TableBatch {
  const columns = batch.columns.map((column) => {
    if (column.name !== name) return column;
    const values = (column.values as Float64Array).slice();
    values[1] = (values[1] ?? 0) + 1;
    return { ...column, values };
  });
  return { ...batch, columns };
}
