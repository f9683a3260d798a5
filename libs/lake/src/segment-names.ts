/** What a name in a lane's folder says. L1: compacted out of several L0. */
export type ChainName =
  | { readonly kind: 'l0' | 'l1'; readonly offset: number; readonly name: string }
  | { readonly kind: 'floor'; readonly offset: number; readonly name: string };

const padded = (offset: number): string => String(offset).padStart(20, '0');

/** `first` is the input offset at which the segment begins; where it ends stands in its footer only. */
export const segmentName = (first: number): string => `${padded(first)}.parquet`;
export const compactedName = (first: number): string => `${padded(first)}.l1.parquet`;
/** Rows below `offset` are gone by retention, or were never there. */
export const floorName = (offset: number): string => `${padded(offset)}.floor`;

const PATTERN = /^(\d{20})\.(parquet|l1\.parquet|floor)$/;
const KINDS = { parquet: 'l0', 'l1.parquet': 'l1', floor: 'floor' } as const;

/** undefined: the name is nobody's business. */
export function parseChainName(name: string): ChainName | undefined {
  const [, offset, ending] = PATTERN.exec(name) ?? [];
  if (offset === undefined) return undefined;
  return { kind: KINDS[ending as keyof typeof KINDS], offset: Number(offset), name };
}
