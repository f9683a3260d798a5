import { escapeHtml } from './html.js';
import { customProperties } from './palette.js';
import type { ReportFacts, SymbolFigures, SymbolReport } from './report-facts.js';
import { describeStretch } from './stretch.js';

/** A picture of the report: its file, and what it shows for those who do not see it. */
export interface DrawnPicture {
  readonly file: string;
  readonly alt: string;
}

export interface DrawnReport {
  readonly facts: ReportFacts;
  readonly lakeFolder: string;
  readonly writtenAt: Date;
  readonly correlation: DrawnPicture | null;
  /** In the order of `facts.symbols`. */
  readonly pictures: readonly (readonly DrawnPicture[])[];
}

/** By it a report is told from a folder of something else. */
export const GENERATOR = '<meta name="generator" content="engine report">';

const STYLE = `:root{color-scheme:light dark;${customProperties('light')}}
@media (prefers-color-scheme:dark){:root{${customProperties('dark')}}}
body{margin:0 auto;padding:16px;max-width:1000px;background:var(--panel);color:var(--text);font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif}
h1{font-size:22px;margin:0}h2{font-size:18px;margin:32px 0 4px;border-top:1px solid var(--grid);padding-top:16px}
p{margin:4px 0;color:var(--muted)}.scroll{overflow-x:auto}img{max-width:100%;height:auto;display:block;margin:8px 0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:3px 10px;text-align:right;border-bottom:1px solid var(--grid);white-space:nowrap}
th:first-child,td:first-child{text-align:left}thead th{color:var(--muted);font-weight:600}a{color:var(--price)}`;

/** The report as one page that asks nobody for anything: no script, pictures from its own folder. */
export function indexPage(report: DrawnReport): string {
  const { symbols } = report.facts;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'">
${GENERATOR}
<title>Market report</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Market report</h1>
<p>${escapeHtml(scope(report))}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Figures of all symbols"><table>
<thead><tr>${COLUMNS.map(([name]) => `<th scope="col">${name}</th>`).join('')}</tr></thead>
<tbody>
${symbols.map(({ figures }, at) => figuresRow(figures, at)).join('\n')}
</tbody></table></div>
${correlationSection(report)}
${symbols.map((symbol, at) => symbolSection(symbol, at, report.pictures[at] ?? [])).join('\n')}
</body>
</html>
`;
}

function scope({ facts, lakeFolder, writtenAt }: DrawnReport): string {
  const { symbols, symbolCount } = facts;
  const which =
    symbols.length < symbolCount
      ? `The ${symbols.length} most traded of ${symbolCount} symbols (--symbol names others)`
      : `${symbols.length} ${symbols.length === 1 ? 'symbol' : 'symbols'}`;
  return `${which}, from the lake ${lakeFolder}, as it was at ${writtenAt.toISOString()}. All times are UTC.`;
}

const number = (value: number | null, digits = 6): string =>
  value === null ? '–' : value.toLocaleString('en-US', { maximumSignificantDigits: digits });
const price = (value: number | null): string => number(value, 10);
const whole = (value: number): string => value.toLocaleString('en-US');
const time = (us: number): string => new Date(us / 1000).toISOString().replace('T', ' ').replace('Z', '');

/** Of the table: header and cell. The symbol's column stands apart, it is a link. */
const COLUMNS: readonly (readonly [string, (figures: SymbolFigures) => string])[] = [
  ['Symbol', ({ symbol }) => symbol],
  ['Ticks', ({ ticks }) => whole(ticks)],
  ['First price', ({ open }) => price(open)],
  ['Last price', ({ close }) => price(close)],
  ['Change', ({ open, close }) => `${((close / open - 1) * 100).toFixed(2)} %`],
  ['High', ({ high }) => price(high)],
  ['Low', ({ low }) => price(low)],
  ['Volume', ({ volume }) => number(volume, 12)],
  ['VWAP', ({ vwap }) => price(vwap)],
  ['Average SMA', ({ avgSma }) => price(avgSma)],
  ['Average volatility', ({ avgVolatility }) => number(avgVolatility)],
  ['First tick', ({ firstUs }) => time(firstUs)],
  ['Last tick', ({ lastUs }) => time(lastUs)],
];

function figuresRow(figures: SymbolFigures, at: number): string {
  const [symbol, ...cells] = COLUMNS.map(([, cell]) => escapeHtml(cell(figures)));
  return `<tr><td><a href="#symbol-${at}">${symbol ?? ''}</a></td>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

const image = ({ file, alt }: DrawnPicture): string =>
  // The file's own name has percent signs: as an address they are written as such.
  `<img src="${escapeHtml(encodeURIComponent(file))}" alt="${escapeHtml(alt)}">`;

function correlationSection({ facts, correlation }: DrawnReport): string {
  if (facts.correlation === null || correlation === null) return '';
  const { interval, symbols } = facts.correlation;
  const which =
    symbols.length < facts.symbols.length ? ` Of the ${symbols.length} symbols with the most ticks.` : '';
  return `<h2>Correlation</h2>
<p>Pearson's, of the log returns of the ${escapeHtml(interval)} bars that both symbols have. A cell is empty where these are fewer than 30, or a price did not move.${which}</p>
${image(correlation)}`;
}

function symbolSection(
  { figures, stretchUs }: SymbolReport,
  at: number,
  pictures: readonly DrawnPicture[],
): string {
  return `<h2 id="symbol-${at}">${escapeHtml(figures.symbol)}</h2>
<p>${whole(figures.ticks)} accepted ticks from ${time(figures.firstUs)} to ${time(figures.lastUs)}; each point stands for ${describeStretch(stretchUs)}. SMA and volatility are silver's, at the last tick of the point.</p>
${pictures.map(image).join('\n')}`;
}
