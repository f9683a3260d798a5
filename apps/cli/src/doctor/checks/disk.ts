import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { probeLakeFolder } from '@engine/lake';

import { messageOf } from '../../failure.js';
import type { Check, Finding } from '../finding.js';

const MIB = 1024 * 1024;
/** An hour of the synthetic feed is far less; a busy one has a few minutes to be noticed in. */
const SCARCE_MIB = 1_024;
/** LMDB and DuckDB stop at once when they cannot write. */
const FULL_MIB = 64;

/** Room, hard links and syncing where log and lake are, or will be. Leaves nothing behind. */
export const checkDisk: Check = async ({ dataDir, lakeDir }) => {
  const [data, lake] = [nearest(dataDir), nearest(lakeDir)];
  const isOneDisk = (await stat(data)).dev === (await stat(lake)).dev;
  const folders = isOneDisk
    ? ([['Disk', lake]] as const)
    : ([
        ['Disk of the log', data],
        ['Disk of the lake', lake],
      ] as const);
  const findings = await Promise.all(
    folders.map(async ([what, folder]) => [await room(what, folder), await abilities(what, folder)]),
  );
  return findings.flat();
};

/** The folder itself, or the one in which it will be made. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder));
}

async function room(what: string, folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const mib = Math.floor((bavail * bsize) / MIB);
  const outcome = mib < FULL_MIB ? 'fail' : mib < SCARCE_MIB ? 'warn' : 'ok';
  const finding: Finding = { what, outcome, detail: `${mib} MiB free at ${folder}` };
  return outcome === 'ok'
    ? finding
    : { ...finding, remedy: 'free some space, or choose another disk with --data' };
}

async function abilities(what: string, folder: string): Promise<Finding> {
  let probe: string | undefined;
  try {
    probe = await mkdtemp(join(folder, '_doctor-'));
    await probeLakeFolder(probe);
    return { what, outcome: 'ok', detail: 'hard links and syncing work' };
  } catch (error) {
    const remedy = `make ${folder} writable for this user, on a file system with hard links, or choose another with --data or LAKE_DIR`;
    return { what, outcome: 'fail', detail: messageOf(error), remedy };
  } finally {
    if (probe !== undefined) await rm(probe, { recursive: true, force: true });
  }
}
