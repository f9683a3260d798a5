import type { AddFile, DeltaAction, MetaData, Protocol, RemoveFile } from './delta-actions.js';

/** What a Delta log says at one of its versions. */
export class DeltaState {
  /** By path. */
  readonly files = new Map<string, AddFile>();
  readonly removed = new Map<string, RemoveFile>();
  metaData: MetaData | undefined;
  protocol: Protocol | undefined;
  /** -1: there is no log. */
  version = -1;
  /** Of the newest checkpoint that is known of; -1: of none. */
  checkpoint = -1;

  apply(version: number, actions: readonly DeltaAction[]): void {
    for (const { add, remove, metaData, protocol } of actions) {
      if (add !== undefined) {
        this.files.set(add.path, add);
        this.removed.delete(add.path);
      }
      if (remove !== undefined) {
        this.files.delete(remove.path);
        this.removed.set(remove.path, remove);
      }
      this.metaData = metaData ?? this.metaData;
      this.protocol = protocol ?? this.protocol;
    }
    this.version = version;
  }

  /** The actions that lead to this state from nothing; of what was removed only what was since `keptSinceMs`. */
  actions(keptSinceMs: number): readonly DeltaAction[] {
    for (const [path, { deletionTimestamp }] of this.removed)
      if (deletionTimestamp < keptSinceMs) this.removed.delete(path);
    return [
      ...(this.protocol === undefined ? [] : [{ protocol: this.protocol }]),
      ...(this.metaData === undefined ? [] : [{ metaData: this.metaData }]),
      ...[...this.files.values()].map((add) => ({ add: { ...add, dataChange: false } })),
      ...[...this.removed.values()].map((remove) => ({ remove: { ...remove, dataChange: false } })),
    ];
  }
}
