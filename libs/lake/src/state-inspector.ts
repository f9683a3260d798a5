import { join } from 'node:path';
import { messageOf } from './error-message.js';
import type { LakeFiles } from './lake-files.js';
import { parseLaneName } from './lake-folders.js';
import type { LakeFolders } from './lake-folders.js';
import { SnapshotUnreadableError } from './ports.js';
import { checkSnapshot } from './snapshot-bytes.js';
import type { SnapshotFacts } from './snapshot-bytes.js';
import { parseSnapshotName } from './snapshot-names.js';

/** A file in the folder of a lane's snapshots. */
export type InspectedSnapshot = { readonly path: string; readonly lane: number } & (
  | { readonly kind: 'sound'; readonly facts: SnapshotFacts }
  | { readonly kind: 'unreadable'; readonly error: string }
  /** Not the name of a snapshot. */
  | { readonly kind: 'stray' }
);

/** The snapshots of a layer as they are found, one after the other: each may be as large as its lane's state. */
export async function* inspectSnapshots(
  folders: LakeFolders,
  files: LakeFiles,
  layer: string,
): AsyncGenerator<InspectedSnapshot, void> {
  const folder = folders.layerState(layer);
  const lanes = (await files.list(folder)).flatMap((name) => parseLaneName(name) ?? []);
  for (const lane of lanes.sort((one, other) => one - other))
    yield* snapshotsOf(files, join(folder, `lane=${lane}`), lane);
}

async function* snapshotsOf(
  files: LakeFiles,
  folder: string,
  lane: number,
): AsyncGenerator<InspectedSnapshot, void> {
  for (const name of [...(await files.list(folder))].sort()) {
    if (name.startsWith('_')) continue;
    const path = join(folder, name);
    const offset = parseSnapshotName(name);
    if (offset === undefined) yield { kind: 'stray', path, lane };
    else {
      const bytes = await files.readBytes(path);
      // Gone: the engine runs, and has a newer one.
      if (bytes !== undefined) yield { path, lane, ...looked(path, offset, bytes) };
    }
  }
}

function looked(
  path: string,
  offset: number,
  bytes: Uint8Array,
): { kind: 'sound'; facts: SnapshotFacts } | { kind: 'unreadable'; error: string } {
  try {
    const { facts } = checkSnapshot(path, bytes);
    if (facts.offset === offset) return { kind: 'sound', facts };
    return { kind: 'unreadable', error: `it was taken at ${facts.offset}, its name says ${offset}` };
  } catch (error) {
    if (!(error instanceof SnapshotUnreadableError)) throw error;
    return { kind: 'unreadable', error: messageOf(error).replace(`${path} cannot be read: `, '') };
  }
}

/** What processes that were killed have left in `_tmp` folders, of the lake itself and of these folders. */
export async function leftovers(
  root: string,
  files: LakeFiles,
  folders: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of [root, ...folders].map((parent) => join(parent, '_tmp')))
    found.push(...[...(await files.list(folder))].sort().map((name) => join(folder, name)));
  return found;
}
