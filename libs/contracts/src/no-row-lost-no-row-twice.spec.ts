/*
 * Senders send rows again, from any earlier point and with other message boundaries, after outcomes they do not know. Whatever
 * they do, a lane takes each row once and in order, and a message that is missing stops it.
 */
import type { SilverMessage } from '@engine/medallion';
import fc from 'fast-check';

import type { Coordinate } from './coordinate.js';
import { GapError } from './errors.js';
import { bronzeRowsOf, bronzeTicksOf, silverRowsOf, silverTicksOf } from './testing.js';
import type { BronzeRow, SilverRow } from './testing.js';
import { trimBronze, trimSilver } from './trim.js';
import { decodeBronzeMessage, encodeBronzeTicks } from './wire/bronze-ticks.js';
import { decodeSilverMessage, encodeSilverMessages, lastCoordinate } from './wire/silver-ticks.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** One sending: from row `from` (cut to the rows sent so far) on, `sizes` rows a message, `more` rows beyond the farthest yet. */
const sending = fc.record({
  back: fc.nat({ max: 15 }),
  more: fc.nat({ max: 10 }),
  sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
});
type Sending = typeof sending extends fc.Arbitrary<infer T> ? T : never;

/** The stretches [from, to) that the messages hold, sending by sending; all rows are sent in the end. */
function stretches(rows: number, sendings: readonly Sending[]): [from: number, to: number][] {
  let farthest = 0;
  const last: Sending = { back: 0, more: rows, sizes: [3] };
  return [...sendings, last].flatMap(({ back, more, sizes }) => {
    const from = Math.max(0, farthest - back);
    const end = Math.min(rows, farthest + more);
    farthest = end;
    return cut(from, end, sizes);
  });
}

function cut(from: number, end: number, sizes: readonly number[]): [number, number][] {
  const parts: [number, number][] = [];
  for (let at = from, i = 0; at < end; i++) {
    const to = Math.min(end, at + sizes[i % sizes.length]!);
    parts.push([at, to]);
    at = to;
  }
  return parts;
}

describe('rows of several partitions in a lane of bronze-ticks', () => {
  const partitioned = fc.array(
    fc.record({ partition: fc.nat({ max: 2 }), skip: fc.nat({ max: 2 }), sameRecord: fc.boolean() }),
    { minLength: 1, maxLength: 40 },
  );

  /** Rows of three interleaved partitions, each ascending, with holes (those rows went to other lanes). */
  function laneRows(steps: readonly { partition: number; skip: number; sameRecord: boolean }[]): BronzeRow[] {
    const ends = new Map<number, Coordinate>();
    const rows = steps.map(({ partition, skip, sameRecord }, nr) => {
      const end = ends.get(partition) ?? { offset: -1, index: 0 };
      const at =
        sameRecord && end.offset >= 0
          ? { offset: end.offset, index: end.index + 1 + skip }
          : { offset: end.offset + 1 + skip, index: 0 };
      ends.set(partition, at);
      return { originPartition: partition, originOffset: at.offset, originIndex: at.index, price: nr + 1 };
    });
    return bronzeRowsOf(bronzeTicksOf(rows));
  }

  /** As a sender that restarts at `from` encodes it: its predecessors are the rows before that. */
  function encode(rows: readonly BronzeRow[], from: number, to: number): string {
    const last = new Map(
      rows
        .slice(0, from)
        .map((row) => [row.originPartition, { offset: row.originOffset, index: row.originIndex }]),
    );
    return encodeBronzeTicks(bronzeTicksOf(rows.slice(from, to)), last)[0]!;
  }

  function receive(values: readonly string[]): BronzeRow[] {
    const highWater = new Map<number, Coordinate>();
    return values.flatMap((value) => {
      const { message, prev } = decodeBronzeMessage(bytes(value));
      return message.kind === 'ticks' ? bronzeRowsOf(trimBronze(message.ticks, prev, highWater)) : [];
    });
  }

  it('arrive once and in order', () => {
    fc.assert(
      fc.property(partitioned, fc.array(sending, { maxLength: 6 }), (steps, sendings) => {
        const rows = laneRows(steps);
        const values = stretches(rows.length, sendings).map(([from, to]) => encode(rows, from, to));
        expect(receive(values)).toEqual(rows);
      }),
      { numRuns: 500 },
    );
  });

  it('stop the lane when a message between them is missing', () => {
    fc.assert(
      fc.property(partitioned, fc.nat(), (steps, pick) => {
        const rows = laneRows(steps).map((row) => ({
          ...row,
          originPartition: 0,
          originOffset: row.price,
          originIndex: 0,
        }));
        const values = cut(0, rows.length, [2]).map(([from, to]) => encode(rows, from, to));
        fc.pre(values.length > 1);
        const missing = pick % (values.length - 1);
        expect(() => receive(values.filter((_, nr) => nr !== missing))).toThrow(GapError);
      }),
    );
  });

  it('arrive once and in order, or stop the lane, whatever messages are missing', () => {
    fc.assert(
      fc.property(
        partitioned,
        fc.array(sending, { maxLength: 6 }),
        fc.array(fc.boolean()),
        (steps, sendings, kept) => {
          const rows = laneRows(steps);
          const values = stretches(rows.length, sendings)
            .map(([from, to]) => encode(rows, from, to))
            .filter((_, nr) => kept[nr] ?? true);
          const received: BronzeRow[] = [];
          try {
            for (let end = 1; end <= values.length; end++)
              received.splice(0, received.length, ...receive(values.slice(0, end)));
          } catch (error) {
            expect(error).toBeInstanceOf(GapError);
          }
          // Per partition: a beginning of what was sent, nothing left out. Between partitions a missing message may only delay.
          for (const partition of [0, 1, 2]) {
            const sent = rows.filter((row) => row.originPartition === partition);
            const got = received.filter((row) => row.originPartition === partition);
            expect(got).toEqual(sent.slice(0, got.length));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('ticks and markers in a lane of silver-ticks', () => {
  type Item = { readonly marker: number } | SilverRow;
  const items = fc
    .array(fc.record({ marker: fc.boolean(), sameRecord: fc.boolean() }), { minLength: 1, maxLength: 40 })
    .map((steps) => {
      let offset = -1;
      let index = 0;
      return steps.map(({ marker, sameRecord }): Item => {
        if (marker || offset < 0 || !sameRecord) [offset, index] = [offset + 1, 0];
        else index += 2;
        if (marker) return { marker: offset };
        return silverRowsOf(
          silverTicksOf([{ laneOffset: offset, laneIndex: index, price: offset + index / 10 }]),
        )[0]!;
      });
    });

  const toMessage = (item: Item): SilverMessage =>
    'marker' in item
      ? { kind: 'marker', markerUs: 1, laneOffset: item.marker, laneIndex: 0 }
      : { kind: 'ticks', ticks: silverTicksOf([item]) };
  /** Neighbouring ticks go into one message. */
  function toMessages(part: readonly Item[]): SilverMessage[] {
    const messages: SilverMessage[] = [];
    let run: SilverRow[] = [];
    const endRun = (): void => {
      if (run.length > 0) messages.push({ kind: 'ticks', ticks: silverTicksOf(run) });
      run = [];
    };
    for (const item of part) {
      if (!('marker' in item)) run.push(item);
      else {
        endRun();
        messages.push(toMessage(item));
      }
    }
    endRun();
    return messages;
  }
  const encode = (all: readonly Item[], from: number, to: number): string[] =>
    encodeSilverMessages(
      toMessages(all.slice(from, to)),
      from === 0 ? null : lastCoordinate(toMessage(all[from - 1]!)),
    ).values;

  function receive(values: readonly string[]): Item[] {
    let highWater: Coordinate | null = null;
    return values.flatMap((value): Item[] => {
      const { message, prev } = decodeSilverMessage(bytes(value));
      const trimmed = trimSilver(message, prev, highWater);
      highWater = trimmed.highWater;
      if (trimmed.message === null) return [];
      return trimmed.message.kind === 'marker'
        ? [{ marker: trimmed.message.laneOffset }]
        : silverRowsOf(trimmed.message.ticks);
    });
  }

  it('arrive once and in order', () => {
    fc.assert(
      fc.property(items, fc.array(sending, { maxLength: 6 }), (all, sendings) => {
        const values = stretches(all.length, sendings).flatMap(([from, to]) => encode(all, from, to));
        expect(receive(values)).toEqual(all);
      }),
      { numRuns: 500 },
    );
  });

  it('stop the lane when a message between them is missing', () => {
    fc.assert(
      fc.property(items, fc.nat(), (all, pick) => {
        const values = cut(0, all.length, [2]).flatMap(([from, to]) => encode(all, from, to));
        fc.pre(values.length > 1);
        const missing = pick % (values.length - 1);
        // Without the first message the second still names it.
        expect(() => receive(values.filter((_, nr) => nr !== missing))).toThrow(GapError);
      }),
    );
  });
});
