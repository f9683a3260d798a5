import { candidatesOf, withId } from './candidate.js';
import type { DeadLetter } from './refused-rows.js';

const tick = (id: number): object => ({ ticker: 'AAPL', price: 1, timestamp: 1_700_000_000, id });
const letter = (raw: string | null, reason: string, index = 0): DeadLetter => ({
  layer: 'bronze',
  reason,
  recordTime: '2024-03-01T09:30:00.000000Z',
  partition: 0,
  offset: 7,
  index,
  symbol: null,
  record: { key: null, raw },
});
const sent = (from: DeadLetter): readonly (string | null)[] =>
  candidatesOf(from).map(({ value, reason }) => reason ?? String(value));

it('splits an array that had too many ticks in it, and judges each by itself', () => {
  const many = [...Array.from({ length: 10_000 }, (_, id) => tick(id)), { ticker: 'AAPL', price: -1 }];
  const values = sent(letter(JSON.stringify(many), 'too_many'));
  expect(values).toHaveLength(10_001);
  expect(values[9_999]).toBe(JSON.stringify(tick(9_999)));
  expect(values[10_000]).toBe('bad_price');
});

it('splits an array that was too large, and not one tick that was', () => {
  const blown = { ...tick(1), note: 'x'.repeat(600_000) };
  expect(sent(letter(JSON.stringify([blown, blown]), 'too_large'))).toEqual(
    [blown, blown].map((one) => JSON.stringify(one)),
  );
  expect(sent(letter(JSON.stringify({ ...blown, more: 'x'.repeat(600_000) }), 'too_large'))).toEqual([
    'too_large',
  ]);
});

it('takes of an array only the element that was refused', () => {
  const raw = JSON.stringify([tick(1), { ...tick(2), side: 'up' }, tick(3)]);
  expect(sent(letter(raw, 'bad_side', 1))).toEqual(['bad_side']);
  expect(sent(letter(raw, 'late', 2))).toEqual([JSON.stringify(tick(3))]);
});

it.each([
  ['[]', 'empty', 'empty'],
  [null, 'empty', 'empty'],
  ['base64:/w==', 'not_json', 'not_json'],
  [`[[${JSON.stringify(tick(1))}]]`, 'not_an_object', 'not_an_object'],
])('finds no tick in %s', (raw, reason, found) => {
  expect(sent(letter(raw, reason))).toEqual([found]);
});

it('sends bytes that are no text as they came', () => {
  const [candidate] = candidatesOf(letter('base64:/w==', 'not_json'));
  expect(candidate?.value).toEqual(Buffer.from([0xff]));
});

it('puts an id into a value that has none, whatever else is in it', () => {
  const deep = '['.repeat(10_000) + ']'.repeat(10_000);
  const value = withId(Buffer.from(`{"ticker":"A","id":null,"x":${deep}}\n`), 'replay:0:7:0');
  expect(value.toString()).toContain(deep);
  expect(JSON.parse(value.toString())).toMatchObject({ ticker: 'A', id: 'replay:0:7:0' });
});
