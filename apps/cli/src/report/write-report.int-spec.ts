import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { SymbolReport } from './report-facts.js';
import { writeReport } from './write-report.js';

const HOSTILE = ['<b>x', '../a', '"><script>alert(1)</script>', "' onload='alert(1)", '&amp;', '{a|b}'];

const symbolReport = (symbol: string): SymbolReport => ({
  figures: {
    symbol,
    ticks: 2,
    firstUs: 0,
    lastUs: 1_000_000,
    open: 1,
    close: 2,
    high: 2,
    low: 1,
    volume: null,
    vwap: null,
    avgSma: null,
    avgVolatility: null,
  },
  stretchUs: 1_000_000,
  points: [
    { startUs: 0, close: 1, sma: 1, volatility: null, volume: null, drawdown: 0 },
    { startUs: 1_000_000, close: 2, sma: 1.5, volatility: 0.5, volume: null, drawdown: 0 },
  ],
});

describe('a report about symbols that look like something else', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'engine-report-hostile-'));
    const pairs = [{ a: HOSTILE[0]!, b: HOSTILE[1]!, value: 0.5, bars: 30 }];
    const correlation = { interval: '1m', symbols: HOSTILE, pairs };
    const facts = { symbols: HOSTILE.map(symbolReport), symbolCount: HOSTILE.length, correlation };
    await writeReport(facts, join(folder, 'report'), '/lake/<i>');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('writes nothing outside of its folder', async () => {
    expect(await readdir(folder)).toEqual(['report']);
    const names = await readdir(join(folder, 'report'), { recursive: true });
    const pictures = HOSTILE.flatMap((symbol) =>
      ['drawdown', 'price', 'volume'].map((kind) => `${kind}-${encodeURIComponent(symbol)}.svg`),
    );
    expect(names.toSorted()).toEqual([...pictures, 'correlation.svg', 'index.html'].toSorted());
  });

  it('shows them as text', async () => {
    for (const name of await readdir(join(folder, 'report'))) {
      const content = await readFile(join(folder, 'report', name), 'utf8');
      expect([name, /<(b|i|script)>|onload='/.exec(content)?.[0]]).toEqual([name, undefined]);
    }
    const page = await readFile(join(folder, 'report', 'index.html'), 'utf8');
    expect(page).toContain('>&lt;b&gt;x</a>');
    expect(page).toContain('>&amp;amp;</a>');
    expect(page).toContain('src="price-..%252Fa.svg"');
    const picture = await readFile(join(folder, 'report', 'price-%3Cb%3Ex.svg'), 'utf8');
    expect(picture).toContain('>&lt;b&gt;x: last price');
  });
});
