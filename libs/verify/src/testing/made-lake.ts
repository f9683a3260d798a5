import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LakeInspector } from '@engine/lake';
import type { InspectedChain } from '@engine/lake';
import type { TableSchema } from '@engine/medallion';
import { verifyLake } from '../verify-lake.js';
import type { Verification, VerifyOptions } from '../verify-lake.js';
import { LakeMaker, testSettings } from './lake-maker.js';
import type { Alter } from './lake-maker.js';
import { END_MARKER_US, marketMessages } from './market-messages.js';

export interface MadeLakeOptions {
  readonly folder: string;
  readonly alter?: Alter;
  readonly keyed?: boolean;
  /** The version of the rules that the segments say they were decided under. */
  readonly rules?: string;
  /** Default 300: four segments a chain. */
  readonly recordsASegment?: number;
}

const RECORDS = 1_200;

/** A lake of several segments a chain, every tick's window and bar closed by a last marker. */
export async function makeLake(options: MadeLakeOptions): Promise<void> {
  const { folder, alter, keyed, rules, recordsASegment = 300 } = options;
  const settings = testSettings(rules);
  const maker = await LakeMaker.open({ folder, settings, ...(alter && { alter }) });
  const records = [...marketMessages(RECORDS, settings.lanes, keyed === undefined ? {} : { keyed })];
  for (let at = 0; at < records.length; at += 100) {
    maker.add(records.slice(at, at + 50));
    maker.add(records.slice(at + 50, at + 100));
    if ((at + 100) % recordsASegment === 0) await maker.publish();
  }
  maker.mark(END_MARKER_US);
  await maker.publish();
  maker.close();
}

export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'verify-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const verified = (folder: string, more: Partial<VerifyOptions> = {}): Promise<Verification> =>
  verifyLake({ folder, settings: testSettings(), ...more });

/** A chain as it is now. */
export async function inspected(folder: string, table: TableSchema, lane: number): Promise<InspectedChain> {
  const lake = await LakeInspector.open({ folder, memoryLimit: '64MB', threads: 1 });
  try {
    return await lake.inspect(table, lane);
  } finally {
    lake.close();
  }
}

/** The files of a chain, in its order. */
export const filesOf = async (folder: string, table: TableSchema, lane: number): Promise<string[]> =>
  (await inspected(folder, table, lane)).walk.segments.map(({ path }) => path);
