import { readLayerConfig } from '@engine/config';
import type { LayerConfig } from '@engine/config';
import { topicNames } from '@engine/contracts';
import type { LakeReader } from '@engine/lake';
import type { Log } from '@engine/stream';

import { dataFolder } from '../arguments.js';
import type { ParsedArguments } from '../arguments.js';
import { messageOf } from '../failure.js';
import { openExistingLog } from '../open-existing-log.js';
import { CommandError } from '../usage-error.js';
import { Outlook } from './outlook.js';
import { deadLetters } from './refused-rows.js';
import type { Choice } from './refused-rows.js';
import { EXPIRED, replay, REPEATED } from './replay.js';
import type { ReplayCounts, ReplayOptions } from './replay.js';

export interface HowToReplay {
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly parsed: ParsedArguments;
}

/** Sends the chosen dead letters to the log that the settings name, says what became of them, and returns the exit code. */
export async function replayIntoLog(
  reader: LakeReader,
  choice: Choice,
  { dryRun, force, parsed }: HowToReplay,
): Promise<number> {
  const config = readLayerConfig({ ...process.env, DATA_DIR: dataFolder(parsed, process.env) }, 'silver');
  const topic = topicNames(config.topicPrefix).stockTicks;
  const log = await openExistingLog(config);
  const counts: ReplayCounts = { chosen: 0, sent: 0, leftOut: new Map() };
  try {
    const partitions = (await log?.describeTopic(topic))?.partitions;
    if (log === null || partitions === undefined)
      throw new CommandError(`There is no topic ${topic} to send to: start the engine once on this log`, 78);
    const { rules } = config;
    const outlook = await Outlook.read(reader, rules);
    const options = { partitions, outlook, force, giveIds: rules.dedupWithoutId === 'never' };
    await sendAll(reader, choice, { log: dryRun ? null : log, topic, counts, options });
  } finally {
    await log?.close();
  }
  process.stdout.write(report(counts, { dryRun, topic, rules: config.rules }));
  return counts.chosen > 0 && counts.sent === 0 ? 1 : 0;
}

interface Sending {
  /** null: nothing is sent. */
  readonly log: Log | null;
  readonly topic: string;
  readonly counts: ReplayCounts;
  readonly options: Omit<ReplayOptions, 'send'>;
}

async function sendAll(reader: LakeReader, choice: Choice, sending: Sending): Promise<void> {
  const { log, topic, counts, options } = sending;
  const producer = await log?.createProducer();
  try {
    const send: ReplayOptions['send'] = async (records) => producer?.send(topic, records);
    await replay(deadLetters(reader, choice), { ...options, send }, counts);
  } catch (error) {
    const { isRetriable } = await import('@engine/stream');
    if (!isRetriable(error)) throw error;
    throw new CommandError(
      `${messageOf(error)}. ${counts.sent} records were sent before. ` +
        'Run the same command again: what arrives twice is a duplicate',
      75,
    );
  } finally {
    await producer?.close();
  }
}

const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

function report(
  { chosen, sent, leftOut }: ReplayCounts,
  { dryRun, topic, rules }: { dryRun: boolean; topic: string; rules: LayerConfig['rules'] },
): string {
  if (chosen === 0)
    return 'No dead letters are like that: `engine dead-letters list` shows which there are.\n';
  const lines = [...leftOut].map(
    ([reason, times]) => `  ${String(times).padStart(8)} ${reason}: ${remedyFor(reason, rules)}\n`,
  );
  return [
    `${count(chosen, 'dead letter')}: ${count(sent, 'record')} ${dryRun ? 'would be sent' : 'sent'} to ${topic}.\n`,
    ...(lines.length === 0 ? [] : [dryRun ? 'Would be left out:\n' : 'Left out:\n', ...lines]),
  ].join('');
}

function remedyFor(reason: string, { allowedLatenessUs, maxFutureUs }: LayerConfig['rules']): string {
  const setting = `set it to what the engine runs with, or --force`;
  switch (reason) {
    case EXPIRED:
      return 'bronze does not have the record any more (RETENTION_BRONZE)';
    case REPEATED:
      return 'the same value as another one that was chosen';
    case 'duplicate':
      return 'the trade was accepted once; where it is another one give it another id, and `engine ingest` it';
    case 'late':
      return (
        `more than ALLOWED_LATENESS_MS=${allowedLatenessUs / 1000} older than its symbol's newest tick; ` +
        '`engine backfill --layer silver --order event-time` puts it in its place, or ' +
        setting
      );
    case 'future':
      return `more than MAX_FUTURE_MS=${maxFutureUs / 1000} ahead of now; wait, or ${setting}`;
    default:
      return 'would be refused again as it is: edit what `list --rows --format json` gives, and `engine ingest` it';
  }
}
