import { readLayerConfig } from '@engine/config';
import type { LayerConfig } from '@engine/config';
import { LakeGenerations } from '@engine/lake';

import { dataFolder, lakeFolder, parseArguments, text, threadsOf } from '../arguments.js';
import type { ParsedArguments } from '../arguments.js';
import { backfill as computeAnew } from '../backfill/backfill-run.js';
import type { BackfillOrder } from '../backfill/backfill-run.js';
import { Progress } from '../backfill/progress.js';
import type { Command } from '../command.js';
import { assertLake } from '../open-lake.js';
import { DataFolderLock } from '../up/data-folder-lock.js';
import { UsageError } from '../usage-error.js';

const LAYERS = ['silver', 'gold'] as const;

export const backfill: Command = {
  name: 'backfill',
  synopsis: 'backfill --layer silver|gold [--order event-time] [--prune]',
  summary: 'compute silver or gold anew from the layer before, beside the old one, and then use it',
  options: [
    '--layer L        silver (from bronze; and gold, which follows from it), or gold (from silver)',
    '--order O        recorded (as silver has decided, the default), or event-time: a new history, as if all ticks had come',
    '                 in the order of their time. For files that were loaded old after new; only with --layer silver',
    '--prune          remove what is not in use any more afterwards; without --layer: only that',
    '--threads N      how many lanes are computed at a time; default: one per processor',
    'The settings (ALLOWED_LATENESS_MS, BAR_INTERVALS, ...) are taken from the environment: those the engine will have.',
    'The engine must be stopped. Killed and run again, it goes on.',
  ],
  run: async (args) => {
    const parsed = parseArguments(args, {
      layer: { type: 'string' },
      order: { type: 'string' },
      threads: { type: 'string' },
      prune: { type: 'boolean' },
    });
    if (parsed.positionals.length > 0) throw new UsageError('backfill takes no arguments but its options');
    const order = orderOf(parsed);
    const prunes = parsed.values['prune'] === true;
    if (order === undefined && !prunes)
      throw new UsageError('backfill needs --layer silver, --layer gold, or --prune');
    const folder = lakeFolder(parsed, process.env);
    assertLake(folder);
    const dataDir = dataFolder(parsed, process.env);
    const config = readLayerConfig({ ...process.env, DATA_DIR: dataDir }, 'silver');
    const lock = DataFolderLock.take(dataDir, 'engine backfill');
    try {
      if (order !== undefined) await run(config, { ...process.env, DATA_DIR: dataDir }, order);
      if (prunes) await prune(folder);
      return 0;
    } finally {
      lock.release();
    }
  },
};

async function run(config: LayerConfig, env: NodeJS.ProcessEnv, order: BackfillOrder): Promise<void> {
  const progress = new Progress(order.layer, (line) => process.stderr.write(`${line}\n`));
  try {
    const folders = await computeAnew(config, env, order, progress);
    process.stdout.write(`${progress.summary()}\n`);
    for (const [layer, name] of Object.entries(folders))
      process.stdout.write(`${layer} is read from ${config.lakeFolder}/${name} now.\n`);
    process.stdout.write('What was read before is still there: `engine backfill --prune` removes it.\n');
  } finally {
    progress.close();
  }
}

async function prune(folder: string): Promise<void> {
  const removed = await LakeGenerations.of(folder).prune(LAYERS);
  for (const path of removed) process.stdout.write(`Removed ${path}\n`);
  if (removed.length === 0)
    process.stdout.write('There is nothing to remove: all that is there is in use.\n');
}

function orderOf(parsed: ParsedArguments): BackfillOrder | undefined {
  const named = text(parsed, 'layer');
  if (named === undefined) {
    if (parsed.values['order'] !== undefined) throw new UsageError('--order needs --layer silver');
    return undefined;
  }
  const layer = LAYERS.find((candidate) => candidate === named);
  if (layer === undefined) throw new UsageError(`--layer ${named}: choose silver or gold`);
  return {
    layer,
    order: tickOrderOf(text(parsed, 'order'), layer),
    threads: threadsOf(parsed),
  };
}

function tickOrderOf(named: string | undefined, layer: BackfillOrder['layer']): BackfillOrder['order'] {
  if (named === undefined || named === 'recorded') return 'recorded';
  if (named !== 'event-time') throw new UsageError(`--order ${named}: choose recorded or event-time`);
  if (layer === 'gold')
    throw new UsageError(
      '--order event-time: gold follows the order of silver; give --layer silver, which computes both',
    );
  return named;
}
