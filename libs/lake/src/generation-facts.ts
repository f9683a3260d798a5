import { join } from 'node:path';
import type { LakeFiles } from './lake-files.js';

/** What a generation was begun with; in its folder, for as long as it is there. */
export interface GenerationFacts {
  /**
   * By lane: below this input offset the log does not tell what the generation's rows follow from (another order, other
   * rules before it), and the lake does.
   */
  readonly historyStarts: Readonly<Partial<Record<string, number>>>;
  /** Of silver: what of it was put into the order of event time; null: nothing. */
  readonly eventTime: EventTimeHistoryFacts | null;
  /** All else that decides what its rows will be. Of other facts it is another generation. */
  readonly basis: Readonly<Record<string, unknown>>;
}

export interface EventTimeHistoryFacts {
  /** By lane: the lane offsets below this one are by event time. */
  readonly laneEnds: Readonly<Partial<Record<string, number>>>;
  /** By partition: which records of `stock-ticks` they hold, those below. */
  readonly partitionEnds: Readonly<Partial<Record<string, number>>>;
}

export const FACTS_FILE = '_generation.json';

export const factsText = (facts: GenerationFacts): string => `${JSON.stringify(facts)}\n`;

/** Of a layer that was never computed anew. */
export const NO_FACTS: GenerationFacts = { historyStarts: {}, eventTime: null, basis: {} };

export async function readFacts(layerFolder: string, files: LakeFiles): Promise<GenerationFacts> {
  const text = await files.readText(join(layerFolder, FACTS_FILE));
  return text === undefined ? NO_FACTS : (JSON.parse(text) as GenerationFacts);
}
