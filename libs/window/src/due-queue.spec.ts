import fc from 'fast-check';
import { DueQueue } from './due-queue.js';

describe('DueQueue', () => {
  it('hands out by due time, and first in first out within one due time', () => {
    const queue = new DueQueue<string>();
    for (const [due, item] of [
      [30, 'c'],
      [10, 'a'],
      [30, 'd'],
      [10, 'b'],
      [31, 'e'],
    ] as const)
      queue.add(due, item);
    expect(queue.nextDueUs).toBe(10);
    expect(queue.takeDue(9)).toEqual([]);
    expect(queue.takeDue(30)).toEqual(['a', 'b', 'c', 'd']);
    expect(queue.takeDue(30)).toEqual([]);
    expect(queue.nextDueUs).toBe(31);
    expect(queue.takeDue(Infinity)).toEqual(['e']);
    expect(queue.nextDueUs).toBe(Infinity);
    expect(queue.takeDue(Infinity)).toEqual([]);
  });

  it('equals a stable sort, whatever is added and taken when', () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 20 })), { maxLength: 100 });
    fc.assert(
      fc.property(steps, (all) => {
        const queue = new DueQueue<number>();
        let waiting: { due: number; item: number }[] = [];
        all.forEach(([add, time], item) => {
          if (add) {
            queue.add(time, item);
            waiting.push({ due: time, item });
            return;
          }
          const due = waiting.filter((entry) => entry.due <= time).sort((a, b) => a.due - b.due);
          waiting = waiting.filter((entry) => entry.due > time);
          expect(queue.takeDue(time)).toEqual(due.map((entry) => entry.item));
        });
        const left = waiting.sort((a, b) => a.due - b.due).map((entry) => entry.item);
        expect(queue.entries().flatMap(([, items]) => items)).toEqual(left);
      }),
    );
  });
});
