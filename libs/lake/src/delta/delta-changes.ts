import { parseChainName } from '../segment-names.js';
import type { AddFile, DeltaAction, RemoveFile } from './delta-actions.js';
import { LANE } from './delta-schema.js';
import type { DeltaState } from './delta-state.js';

/** A segment on a lane's walk, as the table's folder has it. */
export interface LaneFile {
  readonly path: string;
  readonly first: number;
  readonly next: number;
  readonly rows: number;
  readonly size: number;
  readonly modificationTime: number;
}

/** What changes in a lane. */
export interface LaneChanges {
  readonly adds: readonly LaneFile[];
  readonly removes: readonly AddFile[];
}

/**
 * What brings the log from its state to the files of a lane's walk; those without rows are of no interest to it. A file
 * that is not on the walk, such as one that was linked late, is never added.
 */
export function laneChanges(state: DeltaState, lane: number, walked: readonly LaneFile[]): LaneChanges {
  const wanted = walked.filter(({ rows }) => rows > 0);
  const paths = new Set(wanted.map(({ path }) => path));
  const known = [...state.files.values()].filter(
    ({ partitionValues }) => partitionValues[LANE] === String(lane),
  );
  return {
    adds: wanted.filter(({ path, size }) => state.files.get(path)?.size !== size),
    removes: known.filter(({ path }) => !paths.has(path)),
  };
}

/** As a commit's actions; `statsOf`: the JSON of a new file's statistics. */
export function actionsOf(
  lane: number,
  { adds, removes }: LaneChanges,
  statsOf: ReadonlyMap<string, string>,
  nowMs: number,
): readonly DeltaAction[] {
  const merged = adds.filter((file) => isMerge(file, removes));
  const isCovered = ({ path }: AddFile): boolean => merged.some((file) => covers(file, path));
  return [
    ...removes.map((file) => ({ remove: removeOf(file, !isCovered(file), nowMs) })),
    ...adds.map((file) => ({ add: addOf(lane, file, !merged.includes(file), statsOf.get(file.path) ?? '') })),
  ];
}

/** Whether a file has the rows of removed ones and no others: then nothing changes but where they are. */
function isMerge(file: LaneFile, removes: readonly AddFile[]): boolean {
  const rows = removes.filter(({ path }) => covers(file, path)).map(rowsOf);
  return rows.length > 0 && rows.reduce((sum, count) => sum + count, 0) === file.rows;
}

function covers({ first, next }: LaneFile, path: string): boolean {
  const offset = parseChainName(path.slice(path.lastIndexOf('/') + 1))?.offset;
  return offset !== undefined && offset >= first && offset < next;
}

const rowsOf = ({ stats }: AddFile): number => (JSON.parse(stats) as { numRecords: number }).numRecords;

const addOf = (lane: number, file: LaneFile, dataChange: boolean, stats: string): AddFile => ({
  path: file.path,
  partitionValues: { [LANE]: String(lane) },
  size: file.size,
  modificationTime: file.modificationTime,
  dataChange,
  stats,
});

const removeOf = (
  { path, partitionValues, size }: AddFile,
  dataChange: boolean,
  deletionTimestamp: number,
): RemoveFile => ({
  path,
  deletionTimestamp,
  dataChange,
  extendedFileMetadata: true,
  partitionValues,
  size,
});
