/** The actions of the Delta transaction log protocol that are written here, by its own names. */
export interface AddFile {
  /** Relative to the table's folder. */
  readonly path: string;
  readonly partitionValues: Readonly<Record<string, string>>;
  readonly size: number;
  readonly modificationTime: number;
  readonly dataChange: boolean;
  /** JSON: `FileStats`. */
  readonly stats: string;
}

export interface RemoveFile {
  readonly path: string;
  readonly deletionTimestamp: number;
  readonly dataChange: boolean;
  readonly extendedFileMetadata: true;
  readonly partitionValues: Readonly<Record<string, string>>;
  readonly size: number;
}

export interface MetaData {
  readonly id: string;
  readonly format: { readonly provider: 'parquet'; readonly options: Readonly<Record<string, string>> };
  readonly schemaString: string;
  readonly partitionColumns: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
  readonly createdTime: number;
}

export interface Protocol {
  readonly minReaderVersion: number;
  readonly minWriterVersion: number;
  readonly writerFeatures: readonly string[];
}

export interface CommitInfo {
  readonly timestamp: number;
  readonly operation: string;
  readonly engineInfo: string;
}

/** One line of a commit: exactly one of them. */
export interface DeltaAction {
  readonly add?: AddFile;
  readonly remove?: RemoveFile;
  readonly metaData?: MetaData;
  readonly protocol?: Protocol;
  readonly commitInfo?: CommitInfo;
}

export const commitText = (actions: readonly DeltaAction[]): string =>
  actions.map((action) => `${JSON.stringify(action)}\n`).join('');

export const parseCommit = (text: string): readonly DeltaAction[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as DeltaAction);
