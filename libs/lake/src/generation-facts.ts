import { join } from 'node:path';
import type { LakeFiles } from './lake-files.js';

/** What a generation was begun with; in its folder, for as long as it is there. */
export interface GenerationFacts {
  /**
   * By lane: below this input offset the log does not tell what the generation's rows follow from (another order, other
   * rules before it), and the lake does.
   */
  readonly historyStarts: Readonly<Record<string, number>>;
  /** All else that decides what its rows will be. Of other facts it is another generation. */
  readonly basis: Readonly<Record<string, unknown>>;
}

export const FACTS_FILE = '_generation.json';

export const factsText = (facts: GenerationFacts): string => `${JSON.stringify(facts)}\n`;

/** The input offset below which the log is not to be used in a lane; 0 where it tells everything. */
export async function readHistoryStart(layerFolder: string, lane: number, files: LakeFiles): Promise<number> {
  const text = await files.readText(join(layerFolder, FACTS_FILE));
  if (text === undefined) return 0;
  const { historyStarts } = JSON.parse(text) as GenerationFacts;
  return historyStarts[String(lane)] ?? 0;
}
