import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { palette } from '../report/palette.js';
import { linePixels, valueAt } from '../report/testing/svg-reading.js';
import { makeWalkLake, walkTicks } from '../report/testing/walk-lake.js';
import type { Tick } from '../report/testing/walk-lake.js';
import { report } from './report.js';

const SYMBOLS = ['AAPL', 'BTC/USD', '^GSPC'];
/** 2,100 s of ticks: points of 5 s. */
const STRETCH_MS = 5_000;
const write = process.stdout.write.bind(process.stdout);
const ticks = walkTicks(SYMBOLS, 3_000);
let data: string;
let out: string;
let printed: string;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'engine-report-'));
  await makeWalkLake(data, ticks);
});
afterAll(() => rm(data, { recursive: true, force: true }));

beforeEach(async () => {
  out = join(await mkdtemp(join(tmpdir(), 'engine-report-out-')), 'report');
  printed = '';
  process.stdout.write = (text: string | Uint8Array): boolean => {
    printed += String(text);
    return true;
  };
});
afterEach(async () => {
  process.stdout.write = write;
  await rm(join(out, '..'), { recursive: true, force: true });
});

const read = (name: string): Promise<string> => readFile(join(out, name), 'utf8');
const run = (...options: readonly string[]): Promise<number> =>
  report.run(['--data', data, '--out', out, ...options]);

/** By loops over the ticks that were sent: one entry per stretch that has ticks. */
function stretchesOf(symbol: string): readonly { close: number; sma: number; drawdown: number }[] {
  const stretches = new Map<number, { close: number; sma: number; drawdown: number }>();
  const prices: number[] = [];
  for (const { timeMs, price } of ticks.filter((tick) => tick.symbol === symbol)) {
    prices.push(price);
    const last = prices.slice(-5);
    stretches.set(Math.floor(timeMs / STRETCH_MS), {
      close: price,
      sma: last.reduce((sum, one) => sum + one, 0) / last.length,
      drawdown: (price / Math.max(...prices) - 1) * 100,
    });
  }
  return [...stretches.values()];
}

/** The figures of a symbol as the page shows them, under the headers of its table. */
async function shownFigures(symbol: string): Promise<Readonly<Record<string, string>>> {
  const page = await read('index.html');
  const cells = (row: string): string[] =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell = '']) => cell.replaceAll(/<[^>]*>/g, ''));
  const headers = cells(/<thead>(.*?)<\/thead>/s.exec(page)?.[1] ?? '');
  const rows = [...page.matchAll(/<tr><td>.*?<\/tr>/g)].map(([row]) => cells(row));
  const row = rows.find(([name]) => name === symbol) ?? [];
  return Object.fromEntries(headers.map((header, at) => [header, row[at] ?? '']));
}

const shown = (text: string | undefined): number => Number(text?.replaceAll(/[,%\s]/g, ''));

describe('engine report', () => {
  it('shows the figures of the ticks that were sent', async () => {
    expect(await run()).toBe(0);
    expect(printed).toBe(`3 symbols, 3000 ticks: open ${join(out, 'index.html')}\n`);
    for (const symbol of SYMBOLS) {
      const sent = ticks.filter((tick) => tick.symbol === symbol);
      const figures = await shownFigures(symbol);
      const prices = sent.map(({ price }) => price);
      expect(shown(figures['Ticks'])).toBe(sent.length);
      expect(shown(figures['First price'])).toBe(prices[0]);
      expect(shown(figures['Last price'])).toBe(prices.at(-1));
      expect(shown(figures['High'])).toBe(Math.max(...prices));
      expect(shown(figures['Low'])).toBe(Math.min(...prices));
      expect(figures['First tick']).toBe(iso(sent[0]));
      expect(figures['Last tick']).toBe(iso(sent.at(-1)));
    }
  });

  const iso = (tick: Tick | undefined): string =>
    new Date(tick?.timeMs ?? 0).toISOString().replace('T', ' ').replace('Z', '');

  it('shows volume and VWAP where ticks have sizes, and a dash where none has', async () => {
    await run();
    const sized = ticks.filter(({ symbol }) => symbol === 'AAPL');
    const volume = sized.reduce((sum, { size }) => sum + (size ?? 0), 0);
    const turnover = sized.reduce((sum, { size, price }) => sum + (size ?? 0) * price, 0);
    const figures = await shownFigures('AAPL');
    expect(shown(figures['Volume'])).toBeCloseTo(volume, 6);
    expect(shown(figures['VWAP'])).toBeCloseTo(turnover / volume, 6);
    expect(await shownFigures('BTC/USD')).toMatchObject({ Volume: '–', VWAP: '–' });
  });

  it.each(SYMBOLS)('draws %s where its axes say', async (symbol) => {
    await run();
    const stretches = stretchesOf(symbol);
    const price = await read(`price-${encodeURIComponent(symbol)}.svg`);
    const drawdown = await read(`drawdown-${encodeURIComponent(symbol)}.svg`);
    const values = (svg: string, colour: string): readonly number[] => {
      const lines = linePixels(svg, colour).filter((line) => line.length === stretches.length);
      return lines.at(-1)?.map(([, y]) => valueAt(svg)(y)) ?? [];
    };
    // Half a pixel of a picture that is 276 high and shows about 7 (price), or about 7 % (drawdown).
    const isNear = (drawn: readonly number[], exact: readonly number[], tolerance: number): void => {
      expect(drawn).toHaveLength(exact.length);
      const worst = Math.max(...drawn.map((value, at) => Math.abs(value - exact[at]!)));
      expect(worst).toBeLessThan(tolerance);
    };
    isNear(
      values(price, palette.price),
      stretches.map(({ close }) => close),
      0.02,
    );
    isNear(
      values(price, palette.average),
      stretches.map(({ sma }) => sma),
      0.02,
    );
    isNear(
      values(drawdown, palette.drawdown),
      stretches.map(({ drawdown: depth }) => depth),
      0.05,
    );
  });

  it('draws correlations of the log returns of bars that both have', async () => {
    await run();
    const svg = await read('correlation.svg');
    const drawn = [...svg.matchAll(/>(-?[01]\.\d\d)</g)].map(([, text]) => text);
    const expected = SYMBOLS.flatMap((a) =>
      SYMBOLS.filter((b) => b !== a).map((b) => pearson(returns(a), returns(b)).toFixed(2)),
    );
    expect(drawn.toSorted()).toEqual(expected.toSorted());
    expect(svg).toContain('returns of 1s bars');
  });

  it('takes longer bars where the short ones never meet', async () => {
    const sparse = join(out, '..', 'sparse');
    // A tick of each symbol every 7 s, never in one second.
    const symbols = Array.from({ length: 10 }, (_, at) => `S${at}`);
    await makeWalkLake(sparse, walkTicks(symbols, 4_000));
    await report.run(['--data', sparse, '--out', out]);
    const svg = await read('correlation.svg');
    expect(svg).toContain('returns of 1m bars');
    expect([...svg.matchAll(/>-?[01]\.\d\d</g)]).toHaveLength(90);
  });

  /** By start of the second: the log return since the bar before. */
  function returns(symbol: string): ReadonlyMap<number, number> {
    const closes = new Map(
      ticks
        .filter((tick) => tick.symbol === symbol)
        .map(({ timeMs, price }) => [Math.floor(timeMs / 1000), price]),
    );
    const entries = [...closes];
    return new Map(
      entries.slice(1).map(([start, close], before) => [start, Math.log(close / entries[before]![1])]),
    );
  }

  function pearson(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): number {
    const common = [...a.keys()].filter((start) => b.has(start));
    expect(common.length).toBeGreaterThanOrEqual(30);
    const mean = (of: ReadonlyMap<number, number>): number =>
      common.reduce((sum, start) => sum + of.get(start)!, 0) / common.length;
    const [meanA, meanB] = [mean(a), mean(b)];
    const sum = (term: (x: number, y: number) => number): number =>
      common.reduce((total, start) => total + term(a.get(start)! - meanA, b.get(start)! - meanB), 0);
    return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
  }

  it('shows the symbols asked for, and no others', async () => {
    await run('--symbol', 'BTC/USD');
    expect((await readdir(out)).sort()).toEqual([
      'drawdown-BTC%2FUSD.svg',
      'index.html',
      'price-BTC%2FUSD.svg',
      'volume-BTC%2FUSD.svg',
    ]);
    expect(await read('index.html')).not.toContain('AAPL');
  });

  it('replaces an earlier report, and touches no folder with anything else in it', async () => {
    await run('--symbol', 'BTC/USD');
    await run('--symbol', 'AAPL');
    expect((await readdir(out)).filter((name) => name.includes('BTC'))).toEqual([]);
    await writeFile(join(out, 'thesis.txt'), 'two years of work');
    await expect(run()).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('thesis.txt') as string,
    });
    expect(await read('thesis.txt')).toBe('two years of work');
    const foreign = join(out, '..', 'site');
    await mkdir(foreign);
    await writeFile(join(foreign, 'index.html'), '<h1>Mine</h1>');
    await expect(report.run(['--data', data, '--out', foreign])).rejects.toMatchObject({ exitCode: 78 });
    expect(await readdir(foreign)).toEqual(['index.html']);
    expect(await readdir(join(out, '..'))).toEqual(['report', 'site']);
  });

  it('says what to do where there is nothing to show, and leaves no folder', async () => {
    await expect(run('--symbol', 'AAPL,TSLA')).rejects.toMatchObject({
      exitCode: 75,
      message: expect.stringMatching(/no accepted ticks of TSLA yet.*SELECT DISTINCT symbol/) as string,
    });
    const empty = join(out, '..', 'empty');
    await mkdir(join(empty, 'lake'), { recursive: true });
    await expect(report.run(['--data', empty, '--out', out])).rejects.toMatchObject({
      exitCode: 75,
      message: expect.stringMatching(/no accepted ticks yet.*engine up/) as string,
    });
    await expect(report.run(['--data', data])).rejects.toMatchObject({ exitCode: 2 });
    await expect(run('--symbol', 'AAPL,')).rejects.toMatchObject({ exitCode: 2 });
    expect(await readdir(join(out, '..'))).toEqual(['empty']);
  });
});
