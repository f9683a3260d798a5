/** For a table's chain that cannot be trusted from somewhere on. `folder`: its lane's. */
export function rebuildChain(folder: string): string {
  return isBronze(folder)
    ? `restore the file from a backup. Bronze is the only copy of what the log no longer holds; while the log still holds it all, stop the engine, move ${folder} aside and start again: it is published anew from the log`
    : `restore the file from a backup, or stop the engine, move ${folder} aside and start again: it is published anew from the log`;
}

/** For a file that no reader comes to. */
export const moveAside = (path: string): string => `no reader uses it: move ${path} out of the lake`;

/** For a snapshot that nothing can go on from. */
export const deleteSnapshot = (path: string): string =>
  `delete ${path}: a start goes on from an older one, or from the log, and comes to the same rows`;

export const UNKNOWN_WRITER =
  'restore the file from a backup, and find out who changed it: the engine writes a segment once and never touches it again';

const isBronze = (folder: string): boolean => /[/\\]events[/\\]lane=\d+$/.test(folder);
