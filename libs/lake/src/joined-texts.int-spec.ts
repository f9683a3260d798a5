import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { openDuckDb } from './duckdb.js';
import { JoinedTexts } from './joined-texts.js';
import { LaidTexts } from './laid-texts.js';
import type { RowsOfFile } from './joined-texts.js';

type Text = string | null;

/** Writes texts to Parquet files by bound parameters: none of the code that reads them. */
async function write(
  connection: DuckDBConnection,
  path: string,
  texts: readonly Text[],
): Promise<RowsOfFile> {
  await connection.run('CREATE OR REPLACE TABLE texts (one VARCHAR, other VARCHAR)');
  for (const text of texts) await connection.run('INSERT INTO texts VALUES ($1, $2)', [text, 'other']);
  await connection.run(`COPY texts TO '${path}' (FORMAT parquet)`);
  return { path, rows: texts.length };
}

async function withConnection(
  use: (connection: DuckDBConnection, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-texts-'));
  const instance = await openDuckDb({ memoryLimit: '256MB', threads: 4 }, undefined);
  const connection = await instance.connect();
  try {
    await use(connection, folder);
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}

const textsOf = (read: readonly (string | null)[] | LaidTexts = []): readonly (string | null)[] =>
  read instanceof LaidTexts ? read.texts : read;

describe('JoinedTexts', () => {
  it('gives the texts of any characters, nulls and empty ones, across files', async () => {
    const first = ['plain', null, '', 'é', '\uFEFFmark', '😀 after', 'NUL \0 within', '\uFEFF', 'a,b"c\\x41'];
    const second = [null, null, 'only ASCII here'];
    await withConnection(async (connection, folder) => {
      const files = [
        await write(connection, join(folder, 'a.parquet'), first),
        await write(connection, join(folder, 'b.parquet'), second),
      ];
      const texts = new JoinedTexts(connection, files, ['one', 'other']);
      const pieces = [await texts.take(2), await texts.take(8), await texts.take(2)];
      expect(pieces.flatMap(([one]) => textsOf(one))).toEqual([...first, ...second]);
      expect(pieces.flatMap(([, other]) => textsOf(other))).toEqual(
        Array.from({ length: 12 }, () => 'other'),
      );
    });
  });

  it('keeps the order over many blocks and row groups', async () => {
    const rows = 150_000;
    await withConnection(async (connection, folder) => {
      const path = join(folder, 'many.parquet');
      await connection.run(
        `COPY (SELECT CASE WHEN i % 7 = 0 THEN NULL ELSE i || repeat('x', (i % 300)::INTEGER) END AS one FROM range(${rows}) t(i))
         TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
      );
      const texts = new JoinedTexts(connection, [{ path, rows }], ['one']);
      for (let row = 0; row < rows;) {
        const [one] = await texts.take(Math.min(1999, rows - row));
        for (const text of textsOf(one)) {
          const wanted = row % 7 === 0 ? null : `${row}${'x'.repeat(row % 300)}`;
          if (text !== wanted) throw new Error(`row ${row} is ${String(text)}`);
          row++;
        }
      }
    });
  });

  it('refuses a file that has fewer or more rows than it is said to have', async () => {
    await withConnection(async (connection, folder) => {
      const { path } = await write(connection, join(folder, 'a.parquet'), ['1', '2']);
      await expect(new JoinedTexts(connection, [{ path, rows: 3 }], ['one']).take(3)).rejects.toThrow(
        /rows \[0, 3\)/,
      );
      await expect(new JoinedTexts(connection, [{ path, rows: 1 }], ['one']).take(2)).rejects.toThrow(
        /more rows/,
      );
    });
  });
});
