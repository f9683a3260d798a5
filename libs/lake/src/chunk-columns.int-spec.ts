import type { DuckDBConnection } from '@duckdb/node-api';
import { numbersOf, textsOf } from './chunk-columns.js';
import { openDuckDb } from './duckdb.js';
import { TextIds } from './text-ids.js';

async function withConnection(use: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
  const instance = await openDuckDb({ memoryLimit: '256MB', threads: 4 }, undefined);
  const connection = await instance.connect();
  try {
    await use(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** All rows of a query of one column of text, by `read` chunk after chunk. */
async function texts(
  connection: DuckDBConnection,
  sql: string,
  read: (texts: ReturnType<typeof textsOf>) => readonly (string | null)[],
): Promise<(string | null)[]> {
  const result = await connection.stream(sql);
  const all: (string | null)[] = [];
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return all;
    all.push(...read(textsOf(chunk, 0)));
  }
}

/** Of 12 bytes and of 13, which the database keeps in another place; marks, which a decoder may take away; nulls. */
const TEXTS = [
  ...['plain', null, '', 'é', '\uFEFFmark', '😀 after', 'NUL \0 within', '\uFEFF', 'a,b"c\\x41'],
  ...['twelve bytes', 'thirteen byte', null, 'é'.repeat(6), `${'é'.repeat(6)}.`, '\uFEFF and long after it'],
];
const MANY = 20_000;
const manyAt = (row: number): string | null => (row % 7 === 0 ? null : `${row}${'x'.repeat(row % 300)}`);
const MANY_SQL = `SELECT CASE WHEN i % 7 = 0 THEN NULL ELSE i || repeat('x', (i % 300)::INTEGER) END AS text, i
  FROM range(${MANY}) t(i)`;

describe('texts of a chunk', () => {
  it.each(['all', 'those at the end'])('are of any characters, null and empty: %s', async (which) => {
    await withConnection(async (connection) => {
      await connection.run('CREATE TABLE texts (text VARCHAR)');
      for (const text of TEXTS) await connection.run('INSERT INTO texts VALUES ($1)', [text]);
      const from = which === 'all' ? 0 : TEXTS.length - 4;
      const read = await texts(
        connection,
        'SELECT text FROM texts',
        (laid) => laid.slice(from, laid.rows).texts,
      );
      expect(read).toEqual(TEXTS.slice(from));
    });
  });

  it.each([
    ['as they come', MANY_SQL],
    ['sorted', `SELECT text FROM (${MANY_SQL}) ORDER BY i`],
  ])('are all there, short and long ones, in their order: %s', async (_, sql) => {
    await withConnection(async (connection) => {
      const read = await texts(connection, sql, (laid) => laid.texts);
      expect(read).toEqual(Array.from({ length: MANY }, (_, row) => manyAt(row)));
    });
  });

  it('are known again by their ids, however many there are', async () => {
    await withConnection(async (connection) => {
      const known = new TextIds();
      const byIds = (laid: ReturnType<typeof textsOf>): readonly (string | null)[] => {
        const { ids, texts } = known.of(laid);
        return Array.from(ids, (id) => texts[id] ?? null);
      };
      await connection.run('CREATE TABLE texts (text VARCHAR)');
      for (const text of [...TEXTS, ...TEXTS]) await connection.run('INSERT INTO texts VALUES ($1)', [text]);
      const read = await texts(connection, 'SELECT text FROM texts', byIds);
      expect(read).toEqual([...TEXTS, ...TEXTS]);
      expect(await texts(connection, MANY_SQL, byIds)).toEqual(
        Array.from({ length: MANY }, (_, row) => manyAt(row)),
      );
    });
  });
});

describe('numbers of a chunk', () => {
  it('have NaN for null, whichever their type', async () => {
    await withConnection(async (connection) => {
      const result = await connection.run(
        `SELECT * FROM (VALUES
          (1, CAST(-9007199254740991 AS BIGINT), CAST(7 AS INTEGER), TIMESTAMPTZ '1970-01-01 00:00:01+00', CAST('-0.0' AS DOUBLE), true),
          (2, NULL, NULL, NULL, NULL, NULL),
          (3, 4294967296, -2147483648, TIMESTAMPTZ '1969-12-31 23:59:59.999999+00', 1e-300, false)) t(i, a, b, c, d, e)`,
      );
      const chunk = (await result.fetchChunk())!;
      const types = ['BIGINT', 'INTEGER', 'TIMESTAMP', 'DOUBLE', 'BOOLEAN'] as const;
      expect(types.map((type, at) => [...numbersOf(chunk, at + 1, type)])).toEqual([
        [-9007199254740991, NaN, 4294967296],
        [7, NaN, -2147483648],
        [1_000_000, NaN, -1],
        [-0, NaN, 1e-300],
        [1, NaN, 0],
      ]);
    });
  });
});
