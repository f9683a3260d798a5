import { goldBars, laneOf } from '@engine/medallion';
import type { SelectParameter } from '@engine/lake';
import { columnList, instant } from '../lake/sql.js';
import type { BarsQuery } from './bars-query.dto.js';

/** The lake's part of the answer: one row more than asked for, so that it shows whether there is a next page. */
export function selectBars(
  query: BarsQuery,
  lanes: number,
): { sql: string; parameters: readonly SelectParameter[] } {
  const conditions = [
    `lane = ${laneOf(query.symbol, lanes)}`,
    'symbol = ?',
    '"interval" = ?',
    ...(query.from === undefined ? [] : [`b."start" >= ${instant(query.from)}`]),
    ...(query.to === undefined ? [] : [`b."start" < ${instant(query.to)}`]),
    ...(query.as_of === undefined ? [] : [`b.closed_at <= ${instant(query.as_of)}`]),
    ...behindCursor(query),
  ];
  const newestOnly = 'QUALIFY row_number() OVER (PARTITION BY b."start" ORDER BY revision DESC) = 1';
  const sql = `SELECT ${columnList(goldBars)} FROM gold_bars AS b WHERE ${conditions.join(' AND ')}
    ${query.revisions === 'current' ? newestOnly : ''} 
    ORDER BY b."start" ${query.order}, revision ${query.order} LIMIT ${query.limit + 1}`;
  return { sql, parameters: [query.symbol, query.interval] };
}

function behindCursor({ cursor, revisions, order }: BarsQuery): readonly string[] {
  if (cursor === undefined) return [];
  const start = instant(cursor.start);
  const beyond = order === 'asc' ? '>' : '<';
  const sameBar =
    revisions === 'all' ? ` OR (b."start" = ${start} AND revision ${beyond} ${cursor.revision})` : '';
  return [`(b."start" ${beyond} ${start}${sameBar})`];
}
