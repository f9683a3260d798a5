import { existsSync } from 'node:fs';

import type { TopicNames } from '@engine/contracts';
import type { LakeReader } from '@engine/lake';
import type { Log } from '@engine/stream';

import { openLake } from '../../open-lake.js';
import type { Finding } from '../finding.js';

/** Each table with the topic that its offsets are of. */
const ORIGINS = [
  ['bronze/events', 'stockTicks'],
  ['silver/ticks', 'bronzeTicks'],
  ['gold/bars', 'silverTicks'],
] as const;

/** A lake that goes further than its log (null: there is none) is another log's: the commonest accident of all. */
export async function checkLogAgainstLake(
  log: Log | null,
  topics: TopicNames,
  lakeDir: string,
): Promise<readonly Finding[]> {
  if (!existsSync(lakeDir)) return [];
  // One that cannot be read is the finding of another check.
  const reader = await openLake(lakeDir, '128MB').catch(() => null);
  if (reader === null) return [];
  try {
    const findings: Finding[] = [];
    for (const [table, role] of ORIGINS) findings.push(...(await ahead(log, topics[role], reader, table)));
    return findings;
  } finally {
    reader.close();
  }
}

async function ahead(
  log: Log | null,
  topic: string,
  reader: LakeReader,
  table: string,
): Promise<readonly Finding[]> {
  const exists = (await log?.describeTopic(topic)) !== undefined;
  const ranges = (exists && (await log?.offsetRanges(topic))) || [];
  return [...reader.chainEnds(table)]
    .filter(([lane, end]) => end > (ranges[lane]?.end ?? 0))
    .map(([lane, end]) => ({
      what: 'Lake',
      outcome: 'fail',
      detail: `${table}, lane ${lane}, goes to offset ${end}, ${topic} only to ${ranges[lane]?.end ?? 0}: the log was emptied or replaced`,
      remedy:
        'bring the old log back, or run `engine lake archive`: it moves the lake aside and deletes nothing',
    }));
}
