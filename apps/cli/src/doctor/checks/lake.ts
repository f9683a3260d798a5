import { existsSync } from 'node:fs';

import { tables } from '@engine/medallion';

import { openLake } from '../../open-lake.js';
import { messageOf } from '../../failure.js';
import type { Check, Finding } from '../finding.js';

const what = 'Lake';
/** A query opens each file anew: more than these are felt. */
const MANY_FILES = 10_000;

/** Whether the lake can be listed and read, and has the lanes that the settings say. What is in it is `engine verify`'s. */
export const checkLake: Check = async ({ lakeDir, config }) => {
  if (!existsSync(lakeDir))
    return [{ what, outcome: 'ok', detail: `none yet: the first start makes it (${lakeDir})` }];
  try {
    const reader = await openLake(lakeDir, '128MB');
    try {
      const files = tables.reduce((sum, { name }) => sum + reader.files(name).length, 0);
      const highest = Math.max(-1, ...['silver/ticks', 'gold/bars'].flatMap((table) => reader.lanes(table)));
      return [size(lakeDir, files), ...(config === null ? [] : lanes(highest, config.lanes))];
    } finally {
      reader.close();
    }
  } catch (error) {
    const remedy = 'run `engine verify`: it names the damaged file and what can be done';
    return [{ what, outcome: 'fail', detail: messageOf(error), remedy }];
  }
};

function size(lakeDir: string, files: number): Finding {
  const finding = { what, detail: `${files} files at ${lakeDir}` };
  if (files <= MANY_FILES) return { ...finding, outcome: 'ok' };
  const remedy = 'raise SEGMENT_MAX_MS, so that segments are fewer and larger';
  return { ...finding, outcome: 'warn', remedy };
}

function lanes(highest: number, wanted: number): readonly Finding[] {
  if (highest < wanted) return [];
  const detail = `it has lane ${highest}, LANES=${wanted}`;
  return [
    {
      what,
      outcome: 'fail',
      detail,
      remedy: `set LANES as it was when the lake was begun, at least ${highest + 1}`,
    },
  ];
}
