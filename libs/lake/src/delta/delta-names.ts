const padded = (version: number): string => String(version).padStart(20, '0');

export const commitName = (version: number): string => `${padded(version)}.json`;
export const checkpointName = (version: number): string => `${padded(version)}.checkpoint.parquet`;
export const LAST_CHECKPOINT = '_last_checkpoint';

export interface DeltaName {
  readonly kind: 'commit' | 'checkpoint';
  readonly version: number;
  readonly name: string;
}

/** undefined: another kind of file. */
export function parseDeltaName(name: string): DeltaName | undefined {
  const [, version, ending] = /^(\d{20})\.(json|checkpoint\.parquet)$/.exec(name) ?? [];
  if (version === undefined) return undefined;
  return { kind: ending === 'json' ? 'commit' : 'checkpoint', version: Number(version), name };
}
