import { formatters } from './format.js';
import type { Tabular } from './format.js';

const result: Tabular = {
  columns: [{ name: 'symbol' }, { name: 'note' }],
  async *chunks() {
    yield await Promise.resolve([['AAPL', 'a "quoted", cell']]);
    yield [['X', null]];
  },
};

it.each([
  ['table', 'symbol  note\n------  ----------------\nAAPL    a "quoted", cell\nX\n(2 rows)\n'],
  ['csv', 'symbol,note\r\nAAPL,"a ""quoted"", cell"\r\nX,\r\n'],
  ['json', '[{"symbol":"AAPL","note":"a \\"quoted\\", cell"},\n{"symbol":"X","note":null}]\n'],
])('prints a result as %s', async (format, text) => {
  let printed = '';
  await formatters.get(format)?.(result, (part) => (printed += part));
  expect(printed).toBe(text);
});
