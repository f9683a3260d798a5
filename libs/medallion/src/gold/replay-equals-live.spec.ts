import fc from 'fast-check';

import type { TableBatch } from '../columns.js';
import type { LaneRecord } from '../layer.js';
import type { SilverMessage, SilverTicks } from '../ticks.js';
import { goldLayer } from './gold-layer.js';
import { takeProvisional } from './provisional.js';
import type { TickRow } from './testing.js';
import { DAY, goldSettings, SECOND, SilverSender } from './testing.js';
import type { GoldUpdate } from './update.js';

const settings = goldSettings('1s,1m,1d', 20, 3);

const row = fc.record({
  symbol: fc.constantFrom('A', 'B', 'C', 'D'),
  eventTimeUs: fc.oneof(
    { weight: 30, arbitrary: fc.integer({ min: 0, max: 200 * SECOND }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 * DAY }) },
  ),
  price: fc.double({ min: 1e-9, max: 1e15, noNaN: true }),
  size: fc.option(fc.double({ min: 0, max: 1e15, noNaN: true })),
  sma: fc.option(fc.double({ min: 1e-9, max: 1e15, noNaN: true })),
  volatility: fc.option(fc.double({ min: 0, max: 1e15, noNaN: true })),
});
const message = fc.oneof(
  { weight: 6, arbitrary: fc.array(row, { minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 * DAY }) },
);

/** The ticks of one lane, as silver sent them. */
function sent(messages: readonly (readonly TickRow[] | number)[]): SilverMessage[] {
  const sender = new SilverSender();
  return messages.map((each) => (typeof each === 'number' ? sender.marker(each) : sender.ticks(each)));
}

/** The same lane with every tick in a message of its own. */
function oneByOne(message: SilverMessage): SilverMessage[] {
  if (message.kind === 'marker') return [message];
  const { symbols, n, ...columns } = message.ticks;
  return Array.from({ length: n }, (_, at): SilverMessage => {
    const cut = Object.entries(columns).map(([name, values]) => [name, [values[at]]]);
    return { kind: 'ticks', ticks: { n: 1, symbols, ...Object.fromEntries(cut) } as SilverTicks };
  });
}

interface Run {
  readonly tables: Record<string, unknown[]>;
  readonly emitted: GoldUpdate[];
  readonly accepted: number;
}

/** Applies the messages, `next()` of them at a time. */
function run(messages: readonly SilverMessage[], next: () => number, showsProvisional = false): Run {
  const layer = goldLayer(settings);
  const state = layer.initial();
  const tables: Record<string, unknown[]> = {};
  const emitted: GoldUpdate[] = [];
  let accepted = 0;
  for (let from = 0, size = next(); from < messages.length; from += size, size = next()) {
    const records = messages.slice(from, from + size).map((message, at) => ({ offset: from + at, message }));
    const output = layer.apply(state, records satisfies LaneRecord<SilverMessage>[]);
    output.tables.forEach((batch) => {
      append(tables, batch);
    });
    emitted.push(...output.emitted);
    accepted += output.verdicts.get('accepted') ?? 0;
    if (showsProvisional) takeProvisional(state);
  }
  return { tables, emitted, accepted };
}

function append(tables: Record<string, unknown[]>, batch: TableBatch): void {
  for (const { name, values } of batch.columns)
    (tables[`${batch.schema.name}.${name}`] ??= []).push(...values);
}

describe('replay-equals-live', () => {
  it('gives the same rows and updates bit for bit, however the lane is cut', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 25 }), cuts, (messages, sizes) => {
        const lane = sent(messages);
        const whole = run(lane, () => Math.max(1, lane.length));
        let at = 0;
        const cut = run(lane.flatMap(oneByOne), () => sizes[at++ % sizes.length]!, true);
        expect(cut).toStrictEqual(whole);
      }),
      { numRuns: 200 },
    );
  });
});

describe('ledger-balanced', () => {
  it('counts every tick that came as accepted', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 25 }), (messages) => {
        const ticks = messages.flatMap((each) => (typeof each === 'number' ? [] : each)).length;
        expect(run(sent(messages), () => 3).accepted).toBe(ticks);
      }),
    );
  });

  it('says nothing of verdicts where no tick came', () => {
    const layer = goldLayer(settings);
    const output = layer.apply(layer.initial(), [{ offset: 0, message: new SilverSender().marker(5) }]);
    expect(output).toEqual({ tables: [], emitted: [], verdicts: new Map() });
  });
});
