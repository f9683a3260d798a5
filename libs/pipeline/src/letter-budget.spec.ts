import { LetterBudget } from './letter-budget.js';

const refused = (offset: number, bytes: number) => ({ partition: 0, offset, value: new Uint8Array(bytes) });

it('lets the letters of one record carry a mebibyte of it together, and the next record again', () => {
  const budget = new LetterBudget();
  const carried = Array.from({ length: 20 }, () => budget.bytesFor(refused(7, 500_000)));
  expect(carried.filter((bytes) => bytes === 65_536)).toHaveLength(16);
  expect(carried.slice(16)).toEqual([0, 0, 0, 0]);
  expect(budget.bytesFor(refused(8, 500_000))).toBe(65_536);
});

it('does not count against small messages', () => {
  const budget = new LetterBudget();
  const carried = Array.from({ length: 10_000 }, () => budget.bytesFor(refused(7, 100)));
  expect(new Set(carried)).toEqual(new Set([65_536]));
});
