import { join, resolve } from 'node:path';

import { lakeFolder, parseArguments, text } from '../arguments.js';
import type { Command } from '../command.js';
import { openLake } from '../open-lake.js';
import { MAX_SYMBOLS, readReport } from '../report/read-report.js';
import type { ReportFacts } from '../report/report-facts.js';
import { writeReport } from '../report/write-report.js';
import { CommandError, UsageError } from '../usage-error.js';

export const report: Command = {
  name: 'report',
  synopsis: 'report [--symbol A,B] --out DIR',
  summary: 'pictures of price, volume, drawdown and correlation, and an index.html that opens offline',
  options: [
    '--out DIR        a new folder, or an earlier report, which is replaced',
    `--symbol A,B     these symbols; default: the ${MAX_SYMBOLS} with the most ticks`,
  ],
  run: async (args) => {
    const parsed = parseArguments(args, { out: { type: 'string' }, symbol: { type: 'string' } });
    const out = text(parsed, 'out');
    if (out === undefined || out === '') throw new UsageError('report needs --out DIR');
    if (parsed.positionals.length > 0) throw new UsageError('report takes no arguments but its options');
    const asked = symbolsOf(text(parsed, 'symbol'));
    const lake = lakeFolder(parsed, process.env);
    const facts = await readFacts(lake, asked);
    const folder = resolve(out);
    await writeReport(facts, folder, lake);
    process.stdout.write(`${describe(facts)}: open ${join(folder, 'index.html')}\n`);
    return 0;
  },
};

function symbolsOf(named: string | undefined): readonly string[] {
  if (named === undefined) return [];
  const symbols = [...new Set(named.split(',').map((symbol) => symbol.trim()))];
  if (symbols.includes('')) throw new UsageError(`--symbol ${named}: give symbols like AAPL,MSFT`);
  if (symbols.length > MAX_SYMBOLS)
    throw new UsageError(
      `--symbol: ${symbols.length} symbols are too many for a report; give up to ${MAX_SYMBOLS}`,
    );
  return symbols;
}

async function readFacts(lake: string, asked: readonly string[]): Promise<ReportFacts> {
  const reader = await openLake(lake, '256MB');
  try {
    const facts = await readReport(reader, asked);
    const missing = asked.filter((symbol) => !facts.symbols.some(({ figures }) => figures.symbol === symbol));
    if (missing.length > 0 || facts.symbols.length === 0) throw nothingToShow(lake, missing);
    return facts;
  } finally {
    reader.close();
  }
}

function nothingToShow(lake: string, missing: readonly string[]): CommandError {
  const what = missing.length === 0 ? 'ticks' : `ticks of ${missing.join(', ')}`;
  return new CommandError(
    `${lake}: silver has no accepted ${what} yet. Let the engine run for some seconds (engine up), or name others: ` +
      'engine sql "SELECT DISTINCT symbol FROM silver_ticks" lists them.',
    75,
  );
}

function describe({ symbols }: ReportFacts): string {
  const ticks = symbols.reduce((sum, { figures }) => sum + figures.ticks, 0);
  return `${symbols.length} ${symbols.length === 1 ? 'symbol' : 'symbols'}, ${ticks} ticks`;
}
