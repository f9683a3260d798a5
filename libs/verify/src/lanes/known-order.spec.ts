import type { BronzeMessage, LaneRecord } from '@engine/medallion';
import { KnownOrder } from './known-order.js';

const records = (...offsets: number[]): LaneRecord<BronzeMessage>[] =>
  offsets.map((offset) => ({ offset, message: { kind: 'marker', markerUs: 0 } }));

describe('KnownOrder', () => {
  it('is certain while no offset is skipped, wherever the chains end', () => {
    const order = new KnownOrder(0, 10, 0);
    expect(order.certainPart(records(0, 1, 2, 3))).toBe(4);
    expect(order.isCertain).toBe(true);
  });

  it('is certain of a skipped offset below both ends: its message held nothing new', () => {
    const order = new KnownOrder(0, 10, 6);
    expect(order.certainPart(records(0, 1, 4, 5, 6))).toBe(5);
  });

  it('is uncertain after a skipped offset that the other chain may still get', () => {
    const order = new KnownOrder(0, 10, 4);
    expect(order.certainPart(records(0, 1, 2, 3, 6, 7))).toBe(4);
    order.giveUp();
    expect(order.certainPart(records(6, 7, 12))).toBe(3);
    expect(order.isCertain).toBe(false);
  });

  it('remembers between calls where it was', () => {
    const order = new KnownOrder(0, 10, 2);
    expect(order.certainPart(records(0, 1, 2))).toBe(3);
    expect(order.certainPart(records(4))).toBe(0);
  });

  it('is uncertain of a lane whose beginning is gone', () => {
    expect(new KnownOrder(5, 10, 10).isCertain).toBe(false);
  });
});
