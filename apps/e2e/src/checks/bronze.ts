import type { Expected, InputRecord } from '../input/expected.js';
import { differences } from '@engine/oracle';
import type { Comparison, Row } from '@engine/oracle';
import type { Lake } from '../support/lake.js';
import type { Published } from '../support/log.js';
import { coordinate } from './against-loops.js';
import type { InputTick } from './against-loops.js';

/** A record of `stock-ticks` and what must become of it. */
export interface ExpectedRecord extends InputRecord {
  readonly published: Published;
}

const coordinates = ['lane', 'record_offset', 'record_index'];

export const bronzeVerdicts: Comparison = {
  key: coordinates,
  exact: ['verdict', 'reason', 'record_time', 'key', 'raw'],
};

export const bronzeTicks: Comparison = {
  key: coordinates,
  exact: ['symbol', 'event_time', 'price', 'size', 'side', 'trade_id', 'source'],
};

/** Where bronze is not what the records must become: each of them once, with its verdict, and the accepted ones' values. */
export async function bronzeDifferences(
  lake: Lake,
  records: readonly ExpectedRecord[],
): Promise<readonly string[]> {
  const bronze = await lake.duck.rows('FROM bronze_events');
  const accepted = bronze.filter((row) => row['verdict'] === 'accepted');
  const ids = await idsGivenOnTheWay(lake, records);
  return [
    ...differences(bronze, expectedVerdicts(records), bronzeVerdicts),
    ...differences(accepted, expectedTicks(records, ids), bronzeTicks),
  ];
}

/** What bronze must say of the records: a row per element, raw on the first of them. */
export function expectedVerdicts(records: readonly ExpectedRecord[]): Row[] {
  return elements(records).map(({ published, index, expected }) => ({
    lane: published.partition,
    record_offset: published.offset,
    record_index: index,
    verdict: expected.reason === null ? 'accepted' : 'invalid',
    reason: expected.reason,
    record_time: published.timeUs,
    key: published.key,
    raw: index === 0 ? rawOf(published.value) : null,
  }));
}

/** The accepted ones' values. A tick that came without an id may have been given one, which the lake knows. */
export function expectedTicks(
  records: readonly ExpectedRecord[],
  givenIds: ReadonlyMap<string, string | null>,
): Row[] {
  return elements(records).flatMap(({ published, index, expected }) => {
    if (expected.reason !== null) return [];
    const { symbol, t, price, size, side, source } = expected;
    const at = coordinate(published.partition, published.offset, index);
    const id = expected.id ?? givenIds.get(at) ?? null;
    const place = { lane: published.partition, record_offset: published.offset, record_index: index };
    return [{ ...place, symbol, event_time: t, price, size, side, trade_id: id, source }];
  });
}

/** The accepted ticks by coordinate, for the oracle. */
export function inputTicks(
  records: readonly ExpectedRecord[],
  givenIds: ReadonlyMap<string, string | null>,
): Map<string, InputTick> {
  const inputs = elements(records).flatMap(({ published, index, expected }): [string, InputTick][] => {
    if (expected.reason !== null) return [];
    const at = coordinate(published.partition, published.offset, index);
    const id = expected.id ?? givenIds.get(at) ?? null;
    return [[at, { ...expected, id, recordTimeUs: published.timeUs }]];
  });
  return new Map(inputs);
}

/** The ids that bronze has for ticks that were put in without one. */
export async function idsGivenOnTheWay(
  lake: Lake,
  records: readonly ExpectedRecord[],
): Promise<Map<string, string | null>> {
  const rows = await lake.duck.rows<{
    lane: number;
    record_offset: number;
    record_index: number;
    trade_id: string | null;
  }>("SELECT lane, record_offset, record_index, trade_id FROM bronze_events WHERE verdict = 'accepted'");
  const stored = new Map(
    rows.map((row) => [coordinate(row.lane, row.record_offset, row.record_index), row.trade_id]),
  );
  const without = elements(records).filter(
    ({ expected }) => expected.reason === null && expected.id === null,
  );
  return new Map(
    without.map(({ published, index }) => {
      const at = coordinate(published.partition, published.offset, index);
      return [at, stored.get(at) ?? null];
    }),
  );
}

interface Element {
  readonly published: Published;
  readonly index: number;
  readonly expected: Expected;
}

function elements(records: readonly ExpectedRecord[]): Element[] {
  return records.flatMap(({ published, expected }) =>
    expected.map((one, index) => ({ published, index, expected: one })),
  );
}

/** The value as text, or in base64 where it is none. */
export function rawOf(value: Buffer | null): string | null {
  if (value === null) return null;
  const text = value.toString('utf8');
  return Buffer.from(text).equals(value) ? text : `base64:${value.toString('base64')}`;
}
