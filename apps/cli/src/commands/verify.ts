import { readLayerConfig, rulesVersion } from '@engine/config';
import type { LayerName } from '@engine/config';
import { verifyLake } from '@engine/verify';
import type { Finding, LedgerLine, VerifySettings } from '@engine/verify';

import { dataFolder, lakeFolder, parseArguments, text, threadsOf } from '../arguments.js';
import type { Command } from '../command.js';
import { assertLake } from '../open-lake.js';
import { UsageError } from '../usage-error.js';

const LAYERS: readonly LayerName[] = ['bronze', 'silver', 'gold'];
/** The first differences tell what is wrong; the hundredth does not. */
const MAX_SHOWN = 20;

export const verify: Command = {
  name: 'verify',
  synopsis: 'verify [--layer bronze|silver|gold] [--threads N]',
  summary: 'whether the lake is whole, and silver and gold are what bronze leads to: exit 1 if not',
  options: [
    '--layer L        one layer only',
    '--threads N      how many lanes are recomputed at a time; default: one per processor',
    'The settings (ALLOWED_LATENESS_MS, BAR_INTERVALS, ...) are taken from the environment: set them as the engine had them.',
  ],
  run: async (args) => {
    const parsed = parseArguments(args, { layer: { type: 'string' }, threads: { type: 'string' } });
    if (parsed.positionals.length > 0) throw new UsageError('verify takes no arguments but its options');
    const layers = layersOf(text(parsed, 'layer'));
    const threads = threadsOf(parsed);
    const folder = lakeFolder(parsed, process.env);
    assertLake(folder);
    const settings = settingsOf({ ...process.env, DATA_DIR: dataFolder(parsed, process.env) });
    let shown = 0;
    const { holds, findings, ledger } = await verifyLake({
      folder,
      layers,
      settings,
      threads,
      onFinding: (finding) => {
        if (++shown <= MAX_SHOWN) process.stdout.write(describe(finding));
      },
    });
    if (shown > MAX_SHOWN) process.stdout.write(`... and ${shown - MAX_SHOWN} more\n\n`);
    process.stdout.write(ledger.map(describeLine).join(''));
    const damages = findings.filter(({ severity }) => severity === 'damage').length;
    process.stdout.write(
      holds ? `The lake holds (rules ${settings.rules}).\n` : `THE LAKE IS DAMAGED: ${damages} findings.\n`,
    );
    return holds ? 0 : 1;
  },
};

function layersOf(named: string | undefined): readonly LayerName[] {
  if (named === undefined) return LAYERS;
  const layer = LAYERS.find((candidate) => candidate === named);
  if (layer === undefined) throw new UsageError(`--layer ${named}: choose ${LAYERS.join(', ')}`);
  return [layer];
}

function settingsOf(env: NodeJS.ProcessEnv): VerifySettings {
  const { rules, lanes, transport } = readLayerConfig(env, 'silver');
  return {
    silver: rules,
    gold: rules,
    rules: rulesVersion(rules),
    lanes: (env['LANES'] ?? '') === '' ? undefined : lanes,
    offsetsAreDense: transport === 'embedded',
  };
}

const describe = ({ severity, where, what, remedy }: Finding): string =>
  [`${severity}: ${where}`, `  ${what}`, ...(remedy === '' ? [] : [`  remedy: ${remedy}`]), '', ''].join(
    '\n',
  );

function describeLine({ layer, lane, rows, verdicts, lag, extra }: LedgerLine): string {
  const parts = [...verdicts].map(([verdict, count]) => `${verdict} ${count}`).join(' + ');
  const more = extra === null ? '' : `  ${extra.name} ${extra.count}`;
  const late = lag === 0 ? '' : `  (${lag} rows of the layer before are not here yet)`;
  return `${layer.padEnd(6)} lane ${lane}  in ${rows} = ${parts || '0'}${more}${late}\n`;
}
