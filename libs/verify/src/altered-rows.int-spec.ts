import {
  bronzeEvents,
  goldBars,
  goldMetrics,
  silverMarkers,
  silverTicks,
  silverWindows,
} from '@engine/medallion';
import type { Column, TableBatch, TableSchema } from '@engine/medallion';
import { makeLake, verified, withFolder } from './testing/made-lake.js';
import { LakeMaker, testSettings } from './testing/lake-maker.js';
import { marketMessages } from './testing/market-messages.js';
import type { Alter } from './testing/lake-maker.js';

/** Changes one batch of a table in lane 0, the second that has rows: its segment is written with a right hash. */
function once(table: TableSchema, change: (batch: TableBatch) => TableBatch): Alter {
  let seen = 0;
  return (name, lane, batch) =>
    name === table.name && lane === 0 && batch.rows > 1 && ++seen === 2 ? change(batch) : batch;
}

const mapColumns = (batch: TableBatch, change: (column: Column) => Column['values']): TableBatch => ({
  ...batch,
  columns: batch.columns.map((column) => ({ ...column, values: change(column) })),
});

function plusOne(batch: TableBatch, name: string, row = 1): TableBatch {
  return mapColumns(batch, (column) => {
    if (column.name !== name) return column.values;
    const values = (column.values as Float64Array).slice();
    values[row] = (values[row] ?? 0) + 1;
    return values;
  });
}

function without(batch: TableBatch, row: number): TableBatch {
  const fewer = mapColumns(batch, ({ values }) =>
    Array.isArray(values)
      ? (values as string[]).filter((_, at) => at !== row)
      : (values as Float64Array).filter((_, at) => at !== row),
  );
  return { ...fewer, rows: batch.rows - 1 };
}

async function damagesOf(alter: Alter): Promise<readonly string[]> {
  return withFolder(async (folder) => {
    await makeLake({ folder, alter, recordsASegment: 600 });
    const { holds, findings } = await verified(folder);
    expect(holds).toBe(false);
    return findings
      .filter(({ severity }) => severity === 'damage')
      .map(({ where, what }) => `${where}: ${what}`);
  });
}

describe('a value changed in a segment whose hash is right', () => {
  it.each([
    { table: bronzeEvents, column: 'price' },
    { table: bronzeEvents, column: 'size' },
    { table: bronzeEvents, column: 'event_time' },
    { table: silverTicks, column: 'price' },
    { table: silverTicks, column: 'sma' },
    { table: silverTicks, column: 'record_time' },
    { table: silverWindows, column: 'ticks' },
    { table: silverWindows, column: 'last_offset' },
    { table: goldBars, column: 'vwap' },
    { table: goldBars, column: 'revision' },
    { table: goldMetrics, column: 'max_drawdown' },
  ])('is found in $table.name, $column', async ({ table, column }) => {
    const found = await damagesOf(once(table, (batch) => plusOne(batch, column)));
    expect(found.some((finding) => finding.includes(table.name) && finding.includes(`${column} is`))).toBe(
      true,
    );
  });

  it('is found in a marker, by the windows that it closed', async () => {
    const alter: Alter = (table, lane, batch) =>
      table === silverMarkers.name && lane === 0 ? plusOne(batch, 'marker', 0) : batch;
    expect((await damagesOf(alter)).length).toBeGreaterThan(0);
  });

  it('is found in a raw value, by the decoder', async () => {
    const alter = once(bronzeEvents, (batch) =>
      mapColumns(batch, ({ name, values }) =>
        name === 'raw'
          ? (values as (string | null)[]).map((raw) => raw?.replace('"price":1', '"price":2') ?? null)
          : values,
      ),
    );
    expect(await damagesOf(alter)).toContainEqual(expect.stringMatching(/decoded again .* price is/));
  });
});

describe('a row that is missing from a segment whose hash is right', () => {
  it.each([bronzeEvents, silverTicks, silverWindows, goldBars, goldMetrics])(
    'is missed in $name',
    async (table) => {
      const found = await damagesOf(once(table, (batch) => without(batch, 1)));
      expect(found.some((finding) => finding.includes(table.name))).toBe(true);
    },
  );

  it('says which record silver lacks', async () => {
    const found = await damagesOf(once(silverTicks, (batch) => without(batch, 0)));
    expect(found).toContainEqual(expect.stringMatching(/bronze accepted it, and silver has no row of it/));
  });
});

/** The first half decided under other rules; in each half one `sma` of lane 0 is wrong. */
async function makeLakeOfTwoRules(folder: string): Promise<{ half: number }> {
  const records = [...marketMessages(600, 2)];
  const wrongSma: Alter = (name, lane, batch) =>
    name === silverTicks.name && lane === 0 && batch.rows > 1 ? plusOne(batch, 'sma') : batch;
  const maker = await LakeMaker.open({ folder, settings: testSettings(), alter: wrongSma });
  maker.add(records.slice(0, 300));
  await maker.publish(undefined, '0-other');
  maker.add(records.slice(300));
  await maker.publish();
  maker.close();
  return { half: 1 };
}

describe('a stretch of other rules', () => {
  it('is named and not judged', async () => {
    await withFolder(async (folder) => {
      const alter = once(silverTicks, (batch) => plusOne(batch, 'sma'));
      await makeLake({ folder, alter, rules: '0-other' });
      const { holds, findings } = await verified(folder, { settings: testSettings('1-test') });
      expect(findings.filter(({ severity }) => severity === 'damage')).toEqual([]);
      expect(holds).toBe(true);
      expect(findings.map(({ where, what }) => `${where}: ${what}`)).toContainEqual(
        expect.stringMatching(/silver\/ticks\/lane=0, offsets \[0, \d+\): decided under the rules 0-other/),
      );
    });
  });

  it('leaves the ticks after it to be judged', async () => {
    await withFolder(async (folder) => {
      const { half } = await makeLakeOfTwoRules(folder);
      const { holds, findings } = await verified(folder);
      const damages = findings.filter(({ severity }) => severity === 'damage');
      expect(holds).toBe(false);
      expect(damages).toHaveLength(1);
      expect(damages[0]?.what).toContain('sma is');
      expect(findings.map(({ where }) => where)).toContain(`silver/ticks/lane=0, offsets [0, ${half})`);
    });
  });

  it('is judged by its own', async () => {
    await withFolder(async (folder) => {
      await makeLake({ folder, rules: '0-other', recordsASegment: 600 });
      expect(await verified(folder, { settings: testSettings('0-other') })).toMatchObject({
        holds: true,
        findings: [],
      });
    });
  });
});

describe('settings that are not those of the engine', () => {
  it('another number of lanes is recognised', async () => {
    await withFolder(async (folder) => {
      await makeLake({ folder, recordsASegment: 600 });
      const { holds, findings } = await verified(folder, { settings: { ...testSettings(), lanes: 3 } });
      expect(holds).toBe(false);
      expect(findings[0]?.what).toContain('another number of lanes');
    });
  });
});
